// How the injecting thread tells the consuming thread what to do: a few words of memory that both see. A message would need
// the consumer's event loop, which a consumer that is receiving never gives a turn; and while events are counted, not even a
// system call may come between them.

/** What the consumer is to do. */
export const COMMAND = {
  /** Sleep. */
  rest: 0,
  /** Receive until told otherwise. */
  run: 1,
  /** Spin on the command, without a system call; on the injector's own CPU, sleep. */
  hold: 2,
  /** Receive up to the target, then hold. */
  drain: 3,
  /** End. */
  stop: 4,
} as const;
export type Command = (typeof COMMAND)[keyof typeof COMMAND];

const WORD = { command: 0, received: 1, target: 2, running: 3, emptyLooks: 4 } as const;
const EXPECTED = { first: 0, startNs: 1, intervalNs: 2 } as const;
const WORDS_BYTES = 24;
const BYTES = WORDS_BYTES + 3 * 8;

/** The shared words, seen from either thread. */
export class Control {
  readonly buffer: SharedArrayBuffer;
  private readonly words: Int32Array;
  private readonly expected: Float64Array;

  /** @param buffer the other thread's; a new one unless given */
  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(BYTES)) {
    this.buffer = buffer;
    this.words = new Int32Array(buffer, 0, WORDS_BYTES / 4);
    this.expected = new Float64Array(buffer, WORDS_BYTES);
  }

  get command(): Command {
    return Atomics.load(this.words, WORD.command) as Command;
  }

  set command(command: Command) {
    Atomics.store(this.words, WORD.command, command);
    Atomics.notify(this.words, WORD.command);
  }

  /** Sleeps while the command is this one, for at most so many ms. */
  waitWhile(command: Command, forMs: number): void {
    Atomics.wait(this.words, WORD.command, command, forMs);
  }

  /** Packets received in this run, modulo 2^32; written once a batch. */
  get received(): number {
    return Atomics.load(this.words, WORD.received) >>> 0;
  }

  set received(packets: number) {
    Atomics.store(this.words, WORD.received, packets | 0);
  }

  /** How often the consumer looked and found nothing, modulo 2^32. */
  get emptyLooks(): number {
    return Atomics.load(this.words, WORD.emptyLooks);
  }

  countEmptyLook(): void {
    Atomics.add(this.words, WORD.emptyLooks, 1);
  }

  /** Where `drain` ends. */
  get target(): number {
    return Atomics.load(this.words, WORD.target) >>> 0;
  }

  set target(packets: number) {
    Atomics.store(this.words, WORD.target, packets | 0);
  }

  /** Whether the consumer has seen a command that lets it receive. */
  get isRunning(): boolean {
    return Atomics.load(this.words, WORD.running) === 1;
  }

  set isRunning(running: boolean) {
    Atomics.store(this.words, WORD.running, running ? 1 : 0);
    Atomics.notify(this.words, WORD.running);
  }

  /** Sleeps until the consumer's state changes, for at most so many ms. */
  waitForRunning(running: boolean, forMs: number): void {
    Atomics.wait(this.words, WORD.running, running ? 0 : 1, forMs);
  }

  /** What the next run looks like; written before the command that starts it. */
  get expectation(): { first: number; startNs: number; intervalNs: number } {
    const expected = this.expected;
    return {
      first: expected[EXPECTED.first],
      startNs: expected[EXPECTED.startNs],
      intervalNs: expected[EXPECTED.intervalNs],
    };
  }

  set expectation({ first, startNs, intervalNs }: { first: number; startNs: number; intervalNs: number }) {
    this.expected[EXPECTED.first] = first;
    this.expected[EXPECTED.startNs] = startNs;
    this.expected[EXPECTED.intervalNs] = intervalNs;
  }
}
