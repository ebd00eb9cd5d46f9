// Events for the application, gathered while frames come in and told once when they all have. An endpoint
// stands on the board at most once, so a hundred segments for one connection make one call.
// This is mTCP's event batching. @source mTCP, NSDI 2014, section 4.1

/** Who can be told. */
export interface Noticed {
  onEvents: ((events: number) => void) | null;
  /** What happened and was not told yet; 0: it is not on the board. */
  pendingEvents: number;
}

/** What has happened to whom since the last `tell`. */
export class Noticeboard {
  private waiting: Noticed[] = [];
  private told: Noticed[] = [];

  /** Endpoints with something to be told. */
  get size(): number {
    return this.waiting.length;
  }

  /** Adds events, bits of `STACK_EVENT`, to an endpoint's. */
  notice(endpoint: Noticed, events: number): void {
    if (endpoint.pendingEvents === 0) this.waiting.push(endpoint);
    endpoint.pendingEvents |= events;
  }

  /** Tells everybody on the board. What their handlers bring about is told in the next call. */
  tell(): void {
    if (this.waiting.length === 0) return;
    const now = this.waiting;
    this.waiting = this.told;
    this.told = now;
    for (let index = 0; index < now.length; index++) {
      const endpoint = now[index];
      const events = endpoint.pendingEvents;
      endpoint.pendingEvents = 0;
      endpoint.onEvents?.(events);
    }
    now.length = 0;
  }
}
