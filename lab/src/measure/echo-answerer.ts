// The answering thread of an echo as the asking one sees it: it is told which end to serve and for how many questions, by words that
// both threads see, because neither has time for messages meanwhile.
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { restoreClass } from "../base/index.js";
import { type AnswererSpec, type AnsweringEnd, STATE, WORD } from "./echo-answer-worker.js";

/** How long it may take to begin, or to end with the last answer, in ms. */
const DEADLINE_MS = 2000;

/** The thread, and what it is told. */
export class EchoAnswerer {
  private readonly words: Int32Array;
  private readonly worker: Worker;
  private death: Error | null = null;

  private constructor(ends: readonly AnsweringEnd[], cpu: number) {
    this.words = new Int32Array(new SharedArrayBuffer(4 * Object.keys(WORD).length));
    const spec: AnswererSpec = { ends, cpu, words: this.words };
    this.worker = new Worker(new URL("./echo-answer-worker.js", import.meta.url), { workerData: spec });
    this.worker.on("error", (error: Error) => {
      this.death = restoreClass(error);
    });
  }

  /** Starts it and waits until all its ends are open. @throws what opening one threw */
  static async open(ends: readonly AnsweringEnd[], cpu: number): Promise<EchoAnswerer> {
    const answerer = new EchoAnswerer(ends, cpu);
    try {
      await once(answerer.worker, "message");
    } catch (error) {
      throw answerer.death ?? error;
    }
    return answerer;
  }

  /** Has an end serve so many questions. It is there for them when this returns. */
  begin(end: number, questions: number): void {
    this.words[WORD.end] = end;
    this.words[WORD.questions] = questions;
    Atomics.store(this.words, WORD.state, STATE.ordered);
    Atomics.notify(this.words, WORD.state);
    this.await(STATE.serving);
  }

  /** Waits until it rests again. */
  finish(): void {
    this.await(STATE.resting);
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }

  /** @throws what ended the thread, as far as it is known */
  private await(state: number): void {
    const lateMs = performance.now() + DEADLINE_MS;
    while (Atomics.load(this.words, WORD.state) !== state) {
      if (performance.now() < lateMs) continue;
      throw (
        this.death ??
        new Error("Cannot time echoes: the answering thread is silent -> run `ringside reset` and try again")
      );
    }
  }
}
