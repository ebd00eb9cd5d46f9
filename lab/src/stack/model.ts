// Two stacks on a model wire, and a loop that jumps from one event to the next: a whole transfer with loss and
// timeouts of minutes takes milliseconds, and comes out the same every time.
import { VirtualClock } from "./clock.js";
import { ModelWire, type WireModel } from "./model-link.js";
import { Stack } from "./stack.js";
import type { TcpOptions } from "./tcp/options.js";

/** Two hosts, `a` at 10.0.0.1 and `b` at 10.0.0.2. */
export class ModelNetwork {
  readonly clock: VirtualClock;
  readonly wire: ModelWire;
  readonly a: Stack;
  readonly b: Stack;

  constructor(model: WireModel, tcp: Partial<TcpOptions> = {}) {
    this.clock = new VirtualClock();
    this.wire = new ModelWire(this.clock, model);
    const { clock } = this;
    this.a = new Stack({ link: this.wire.a, clock, address: "10.0.0.1", seed: model.seed, tcp });
    this.b = new Stack({ link: this.wire.b, clock, address: "10.0.0.2", seed: model.seed + 1, tcp });
  }

  /** Lets everything happen that is due now. */
  settle(): void {
    while (this.a.poll() + this.b.poll() > 0);
  }

  /** When the next frame arrives or the next timer fires; Infinity where nothing is left to wait for. */
  nextMs(): number {
    return Math.min(this.wire.nextMs(), this.a.nextTimerMs(), this.b.nextTimerMs());
  }

  /** Moves the clock to the next event, at most to `untilMs`. @returns False where nothing is left to wait for. */
  advance(untilMs: number = Number.POSITIVE_INFINITY): boolean {
    const next = Math.min(this.nextMs(), untilMs);
    if (next === Number.POSITIVE_INFINITY) return false;
    this.clock.advanceTo(next);
    return true;
  }

  /**
   * Runs until a condition holds, which is asked at each event.
   *
   * @param limitMs of the model's time
   * @returns Whether it came to hold.
   */
  run(until: () => boolean, limitMs = 600_000): boolean {
    const endMs = this.clock.nowMs() + limitMs;
    for (;;) {
      this.settle();
      if (until()) return true;
      if (!this.advance() || this.clock.nowMs() > endMs) return until();
    }
  }
}
