// A program's prompt as a conversation: a command in, an answer out, one at a time. The prompt ends an answer.
import type { Readable, Writable } from "node:stream";

/** What testpmd writes when it waits for the next command. */
const PROMPT = "testpmd> ";
const ANSWER_WITHIN_MS = 5000;

interface Waiting {
  readonly resolve: (answer: string) => void;
  readonly reject: (error: Error) => void;
}

/** testpmd's end of two pipes. */
export class Prompt {
  private readonly input: Writable;
  private output = "";
  private waiting: Waiting | undefined;
  private queue: Promise<unknown> = Promise.resolve();
  private ending: Error | undefined;

  constructor(input: Writable, output: Readable) {
    this.input = input;
    input.on("error", () => {}); // it has ended: whoever sees that calls `end`
    output.setEncoding("utf8").on("data", (text: string) => {
      this.output += text;
      this.answerIfComplete();
    });
  }

  /** Output that belongs to no answer yet: after its end, its last words. */
  get unread(): string {
    return this.output;
  }

  /** What it says before its first prompt. @throws as `ask` does */
  first(): Promise<string> {
    return this.enqueue("start", undefined);
  }

  /** Gives a command and returns its answer, without the prompt. @throws Error where it has ended, or says nothing for 5 s. */
  ask(command: string): Promise<string> {
    return this.enqueue(command, `${command}\n`);
  }

  /** Answers this and every later question with an error; only the first call counts. */
  end(error: Error): void {
    this.ending ??= error;
    this.waiting?.reject(this.ending);
  }

  /** One question at a time. @param line what to write; nothing where only the prompt is awaited */
  private enqueue(command: string, line: string | undefined): Promise<string> {
    const turn = this.queue.then(() => this.exchange(command, line));
    this.queue = turn.catch(() => undefined);
    return turn;
  }

  private exchange(command: string, line: string | undefined): Promise<string> {
    if (this.ending) return Promise.reject(this.ending);
    return new Promise<string>((resolve, reject) => {
      const late = (): void =>
        reject(
          new Error(
            `Cannot have testpmd answer "${command}": nothing for ${ANSWER_WITHIN_MS} ms -> run it again on a quieter machine`,
          ),
        );
      const timer = setTimeout(late, ANSWER_WITHIN_MS);
      const settled = <T>(settle: (value: T) => void): ((value: T) => void) => {
        return (value) => {
          clearTimeout(timer);
          this.waiting = undefined;
          settle(value);
        };
      };
      this.waiting = { resolve: settled(resolve), reject: settled(reject) };
      if (line !== undefined) this.input.write(line);
      this.answerIfComplete();
    });
  }

  /** Before the prompt stands the answer, and before that the command, which it echoes. */
  private answerIfComplete(): void {
    const at = this.output.indexOf(PROMPT);
    if (at < 0 || this.waiting === undefined) return;
    const answer = this.output.slice(0, at);
    this.output = this.output.slice(at + PROMPT.length);
    this.waiting.resolve(answer.slice(answer.indexOf("\n") + 1));
  }
}
