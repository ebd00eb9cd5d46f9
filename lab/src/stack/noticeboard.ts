// Events for the application, gathered while frames come in and told once when they all have. An endpoint
// stands on the board at most once, so a hundred segments for one connection make one call.
// This is mTCP's event batching. @source mTCP, NSDI 2014, section 4.1

/** Who can be told. */
export interface Noticed {
  onEvents: ((events: number) => void) | null;
  /** What happened and was not told yet; 0: it is not on the board. */
  pendingEvents: number;
}

const NOBODY: Noticed = { onEvents: null, pendingEvents: 0 };

/** What has happened to whom since the last `tell`. */
export class Noticeboard {
  // Emptied by their counts, for an array that is shortened to nothing loses its memory.
  private waiting: Noticed[] = [];
  private told: Noticed[] = [];
  private count = 0;

  /** Endpoints with something to be told. */
  get size(): number {
    return this.count;
  }

  /** Adds events, bits of `STACK_EVENT`, to an endpoint's. */
  notice(endpoint: Noticed, events: number): void {
    if (endpoint.pendingEvents === 0) this.waiting[this.count++] = endpoint;
    endpoint.pendingEvents |= events;
  }

  /** Tells everybody on the board. What their handlers bring about is told in the next call. */
  tell(): void {
    const { count, waiting: now } = this;
    if (count === 0) return;
    this.waiting = this.told;
    this.told = now;
    this.count = 0;
    for (let index = 0; index < count; index++) {
      const endpoint = now[index];
      now[index] = NOBODY; // the board keeps nobody alive
      const events = endpoint.pendingEvents;
      endpoint.pendingEvents = 0;
      endpoint.onEvents?.(events);
    }
  }
}
