// A protocol is mostly waiting: for an answer, for an acknowledgment, for the moment to give up. Whoever
// waits by the machine's clock can only be tested by waiting. So the stack reads its time from a `Clock`, and
// a test moves the hands of a `VirtualClock`: two minutes of TIME-WAIT pass in no time at all.

/** Where a stack reads the time. */
export interface Clock {
  /** Milliseconds since any fixed moment, with fractions; it never goes back. */
  nowMs(): number;
}

/** A clock that stands still until it is moved. */
export class VirtualClock implements Clock {
  private atMs: number;

  constructor(startMs = 0) {
    this.atMs = startMs;
  }

  nowMs(): number {
    return this.atMs;
  }

  /** Moves the hands forward. @throws RangeError for a step back */
  advance(byMs: number): void {
    if (!(byMs >= 0)) {
      throw new RangeError(`Cannot move the clock by ${byMs} ms: time never goes back -> try 0 or more`);
    }
    this.atMs += byMs;
  }

  /** Moves the hands to a moment, or leaves them where that has passed. */
  advanceTo(momentMs: number): void {
    if (momentMs > this.atMs) this.atMs = momentMs;
  }
}

/**
 * Another clock's time as it was when last looked at. A stack looks once a poll, for all the frames and timers of it: the
 * machine's clock takes some 40 ns and makes an object each time, and a segment asks for the time eight times.
 */
export class SeenClock implements Clock {
  private readonly clock: Clock;
  /** The moment, for whoever asks in each packet: to read it here makes no object, even where V8 does not compile a call away. */
  readonly seen: Float64Array = new Float64Array(1);

  constructor(clock: Clock) {
    this.clock = clock;
    this.look();
  }

  look(): void {
    this.seen[0] = this.clock.nowMs();
  }

  nowMs(): number {
    return this.seen[0];
  }
}
