// Runs a producer and a consumer in every order that their accesses can have. A run is decided by its choices; after each run the
// last choice that had another way takes it, until none is left. What holds in all of them is proved, for this many attempts.
import { MemoryState, type QueueCode, type SharedAccess, sharedMemory } from "./shared-memory.js";

/** One play: what is in the queue when it begins, and how often each side tries. */
export interface Play {
  readonly size: number;
  /** Values pushed and popped again before, so that cursors have gone round. */
  readonly used: number;
  /** Values that are in the queue. */
  readonly filled: number;
  readonly pushes: number;
  readonly pops: number;
}

/** What came of all orders. */
export interface Proof {
  readonly orders: number;
  readonly locks: number;
  /** The first order in which the queue failed, access by access, and how; null where none did. */
  readonly counterexample: { readonly story: readonly string[]; readonly fault: string } | null;
}

type Thread = Generator<SharedAccess, void, number>;

/** A thread's accesses, more than which can only be a loop that waits. */
const MOST_ACCESSES = 60;

class Run {
  readonly accepted: number[] = [];
  readonly popped: number[] = [];
  readonly story: string[] = [];
  locks = 0;
  private readonly state: MemoryState;
  private readonly code: QueueCode;
  private readonly play: Play;
  private next = 1;

  constructor(code: QueueCode, play: Play) {
    this.code = code;
    this.play = play;
    this.state = new MemoryState(play.size);
  }

  /** Runs one thread alone to its end. */
  alone(thread: Thread): void {
    let step = thread.next();
    for (let made = 0; !step.done; made++) {
      if (!this.state.allows(step.value)) throw new Error("waits for a lock that nobody gives back");
      if (made > MOST_ACCESSES) throw new Error("goes on for ever: does a loop wait for the other side?");
      step = thread.next(this.state.make(step.value));
    }
  }

  *producer(pushes: number): Thread {
    const memory = sharedMemory(this.play.size);
    for (let i = 0; i < pushes; i++) {
      const value = this.next++;
      if (yield* this.code.push(memory, value)) this.accepted.push(value);
    }
  }

  *consumer(pops: number): Thread {
    const memory = sharedMemory(this.play.size);
    for (let i = 0; i < pops; i++) {
      const value = yield* this.code.pop(memory);
      if (value !== null) this.popped.push(value);
    }
  }

  /** Both threads; `choose` says which goes on where both could. */
  together(choose: (ways: number) => number): void {
    const threads = [this.producer(this.play.pushes), this.consumer(this.play.pops)];
    const steps = threads.map((thread) => thread.next());
    for (let made = 0; steps.some(({ done }) => !done); made++) {
      if (made > 2 * MOST_ACCESSES) throw new Error("goes on for ever: does a loop wait for the other side?");
      const ready = [0, 1].filter(
        (i) => !steps[i]!.done && this.state.allows(steps[i]!.value as SharedAccess),
      );
      if (ready.length === 0) throw new Error("both sides wait for the lock");
      const who = ready[ready.length > 1 ? choose(ready.length) : 0]!;
      const access = steps[who]!.value as SharedAccess;
      const result = this.state.make(access);
      if (access.kind === "lock") this.locks++;
      this.story.push(inWords(who, access, result));
      steps[who] = threads[who]!.next(result);
    }
  }

  /** What is wrong with what came out, or null. */
  fault(): string | null {
    const inTime = this.popped.length;
    this.alone(this.consumer(this.play.size + 1));
    const { accepted, popped } = this;
    if (popped.join() === accepted.join()) return null;
    const early = popped.slice(0, inTime).join() || "nothing";
    return `values ${accepted.join()} were pushed; ${early} came out meanwhile, and in the end ${popped.join() || "nothing"}`;
  }
}

function inWords(who: number, { kind, place, value }: SharedAccess, result: number): string {
  const where = typeof place === "number" ? `slot ${place}` : place;
  const words = {
    load: `reads ${where}: ${result}`,
    store: `stores ${value} in ${where}`,
    lock: "locks",
    unlock: "unlocks",
  };
  return `${who === 0 ? "push" : "pop"} ${words[kind]}`;
}

/** Tries all orders of a play. @throws what the code throws */
export function proveAllOrders(code: QueueCode, play: Play): Proof {
  const choices: { taken: number; ways: number }[] = [];
  let [orders, locks] = [0, 0];
  for (;;) {
    const run = new Run(code, play);
    run.alone(run.producer(play.used));
    run.alone(run.consumer(play.used));
    run.alone(run.producer(play.filled));
    let at = 0;
    run.together((ways) => {
      if (at === choices.length) choices.push({ taken: 0, ways });
      return choices[at++]!.taken;
    });
    orders++;
    locks += run.locks;
    const { story } = run;
    const fault = run.fault();
    if (fault !== null) return { orders, locks, counterexample: { story, fault } };
    while (choices.length > 0 && choices.at(-1)!.taken === choices.at(-1)!.ways - 1) choices.pop();
    if (choices.length === 0) return { orders, locks, counterexample: null };
    choices.at(-1)!.taken++;
  }
}

/** Pushes until there is no room, and pops until there is nothing, one after the other. @returns how many went in */
export function capacityOf(code: QueueCode, size: number): { accepted: number; fault: string | null } {
  const run = new Run(code, { size, used: 0, filled: 0, pushes: 0, pops: 0 });
  run.alone(run.producer(size + 2));
  const accepted = run.accepted.length;
  return { accepted, fault: run.fault() };
}
