// Every timer of a stack in one heap, the next one due on top. A retransmission timer is put off by nearly
// every acknowledgment and hardly ever fires, so putting off must cost nothing: it only notes the new moment,
// and the heap looks at the note when the old moment has come.
import type { SeenClock } from "./clock.js";

/** One alarm, to be set and put off any number of times. */
export class Timer {
  /** When it fires, in ms of the stack's clock; Infinity: never. */
  dueMs: number = Number.POSITIVE_INFINITY;
  /** Where it stands in the heap: no later than `dueMs`. */
  queuedMs = 0;
  /** Index in the heap; -1: not in it. */
  place = -1;
  readonly run: () => void;
  private readonly timers: Timers;

  constructor(timers: Timers, run: () => void) {
    this.timers = timers;
    this.run = run;
  }

  /** Sets it, or puts it off or forward. @param delayMs from now, 0 or more */
  start(delayMs: number): void {
    this.dueMs = this.timers.clock.seen[0] + delayMs;
    this.timers.place(this);
  }

  get isRunning(): boolean {
    return this.dueMs !== Number.POSITIVE_INFINITY;
  }

  stop(): void {
    this.dueMs = Number.POSITIVE_INFINITY;
  }

  /** Stops it and takes it out of the heap, so that nothing holds what it would have called. */
  remove(): void {
    this.stop();
    this.timers.remove(this);
  }
}

/** A binary heap of timers by `queuedMs`. */
export class Timers {
  readonly clock: SeenClock;
  private readonly heap: Timer[] = [];

  constructor(clock: SeenClock) {
    this.clock = clock;
  }

  /** Timers in the heap, stopped ones that it has not met yet included. */
  get size(): number {
    return this.heap.length;
  }

  /** When the next timer is due; Infinity when none is. */
  nextMs(): number {
    return this.next()?.dueMs ?? Number.POSITIVE_INFINITY;
  }

  private next(): Timer | undefined {
    for (;;) {
      const top = this.heap[0];
      if (top === undefined || top.dueMs <= top.queuedMs) return top;
      this.refresh(top);
    }
  }

  /** Runs what is due; what a timer starts anew for this very moment waits for the next call. */
  runDue(): void {
    const now = this.clock.seen[0];
    for (let budget = this.heap.length; budget > 0; budget--) {
      const top = this.heap[0];
      if (top === undefined || top.queuedMs > now) return; // none stands in the heap behind its time
      const timer = this.next();
      if (timer === undefined || timer.dueMs > now) return;
      this.remove(timer);
      timer.stop();
      timer.run();
    }
  }

  /** Puts a timer in, or forward; one that was put off stays where it is. */
  place(timer: Timer): void {
    if (timer.place >= 0 && timer.dueMs >= timer.queuedMs) return;
    timer.queuedMs = timer.dueMs;
    if (timer.place < 0) timer.place = this.heap.push(timer) - 1;
    this.rise(timer);
  }

  remove(timer: Timer): void {
    if (timer.place < 0) return;
    const last = this.heap.pop()!;
    const hole = timer.place;
    timer.place = -1;
    if (last === timer) return;
    this.heap[hole] = last;
    last.place = hole;
    this.rise(last);
    this.sink(last);
  }

  private refresh(timer: Timer): void {
    if (!timer.isRunning) {
      this.remove(timer);
      return;
    }
    timer.queuedMs = timer.dueMs;
    this.sink(timer);
  }

  private rise(timer: Timer): void {
    while (timer.place > 0) {
      const parent = this.heap[(timer.place - 1) >> 1];
      if (parent.queuedMs <= timer.queuedMs) return;
      this.swap(parent, timer);
    }
  }

  private sink(timer: Timer): void {
    for (;;) {
      const left = this.heap[2 * timer.place + 1];
      const right = this.heap[2 * timer.place + 2];
      const child = right !== undefined && right.queuedMs < left.queuedMs ? right : left;
      if (child === undefined || child.queuedMs >= timer.queuedMs) return;
      this.swap(timer, child);
    }
  }

  private swap(upper: Timer, lower: Timer): void {
    const place = upper.place;
    upper.place = lower.place;
    lower.place = place;
    this.heap[upper.place] = upper;
    this.heap[place] = lower;
  }
}
