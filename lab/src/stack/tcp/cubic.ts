// How the window grows between two losses, when the time since the last one says more than the number of round trips: it comes back
// to where it was, stays about there for a while, and then looks for more, along a cubic curve. Where Reno would have more by now, the
// window is what Reno's would be; and a loss takes three tenths of it, not half. So a path that loses by chance stays busier.
import type { SeenClock } from "../clock.js";
import { RenoWindow } from "./congestion.js";
import type { RtoEstimator } from "./rto.js";

/** What is left of the window after a loss, beta. @source RFC 9438 section 4.6 */
const KEPT = 0.7;
/** How fast the curve rises, C, in segments per second cubed. @source RFC 9438 section 5 */
const STEEPNESS = 0.4;
/** Segments per round trip with which a Reno that keeps `KEPT` has the same mean as one that halves, alpha. @source RFC 9438 section 4.3 */
const RENO_PACE = (3 * (1 - KEPT)) / (1 + KEPT);

/** What a loss changes. */
type CubicState = Record<"plateau" | "prior" | "elapsed" | "levelAt" | "reno", number> & {
  isRising: boolean;
};

/** CUBIC's window: Reno's but for what is kept after a loss and for congestion avoidance. @source RFC 9438 */
export class CubicWindow extends RenoWindow {
  protected override readonly kept: number = KEPT;
  private readonly clock: SeenClock;
  private readonly rto: RtoEstimator;
  /** The window at the last loss, in segments, W_max; 0: a timeout has made it unknown. */
  private plateau = 0;
  /** The window before the last loss, in segments, cwnd_prior: from there on Reno's pace is 1. */
  private prior = 0;
  /** Congestion avoidance has begun. */
  private isRising = false;
  /** How long it has lasted, in s, t, without the times in which the window was not what held us back. */
  private elapsed = 0;
  private lastMs = 0;
  /** When the curve is level, in s, K. */
  private levelAt = 0;
  /** What Reno's window would be, in segments, W_est. */
  private reno = 0;
  /** The same before a loss that may turn out to be none. */
  private before: CubicState | null = null;

  /** @param rto knows the round trip */
  constructor(mss: number, clock: SeenClock, rto: RtoEstimator) {
    super(mss);
    this.clock = clock;
    this.rto = rto;
  }

  /** @source RFC 9438 sections 4.6 and 4.7 (fast convergence: whoever lost below his plateau leaves room to others) */
  override lost(flight: number): void {
    const segments = this.cwnd / this.mss;
    this.plateau = segments < this.plateau ? (segments * (1 + KEPT)) / 2 : segments;
    this.prior = segments;
    this.isRising = false;
    super.lost(flight);
  }

  /** @source RFC 9438 section 4.8 */
  override timedOut(flight: number, again: boolean): void {
    this.prior = this.cwnd / this.mss;
    this.plateau = 0;
    this.isRising = false;
    super.timedOut(flight, again);
  }

  override remember(): void {
    super.remember();
    const { plateau, prior, isRising, elapsed, levelAt, reno } = this;
    this.before = { plateau, prior, isRising, elapsed, levelAt, reno };
  }

  /** @source RFC 9438 section 4.9 */
  override restore(flight: number): void {
    super.restore(flight);
    Object.assign(this, this.before);
    this.lastMs = this.clock.seen[0];
  }

  /** @source RFC 9438 section 5.8: such times do not count */
  override unneeded(): void {
    this.lastMs = this.clock.seen[0];
  }

  /** @source RFC 9438 section 4.2 */
  private beginToRise(segments: number): void {
    this.isRising = true;
    this.elapsed = 0;
    this.lastMs = this.clock.seen[0];
    this.reno = segments;
    this.plateau = Math.max(this.plateau, segments);
    this.levelAt = Math.cbrt((this.plateau - segments) / STEEPNESS);
  }

  /** The curve at a time, in segments, W_cubic. @source RFC 9438 section 4.2, equation 1 */
  private curve(seconds: number): number {
    return STEEPNESS * (seconds - this.levelAt) ** 3 + this.plateau;
  }

  /** @source RFC 9438 sections 4.3 to 4.5 */
  protected override avoid(bytes: number): void {
    const { mss } = this;
    const segments = this.cwnd / mss;
    const acked = bytes / mss;
    if (!this.isRising) this.beginToRise(segments);
    const now = this.clock.seen[0];
    this.elapsed += (now - this.lastMs) / 1000;
    this.lastMs = now;
    this.reno += ((this.reno < this.prior ? RENO_PACE : 1) * acked) / segments;
    if (this.curve(this.elapsed) < this.reno) {
      this.cwnd = Math.max(this.cwnd, this.reno * mss);
      return;
    }
    const target = this.curve(this.elapsed + Math.max(this.rto.srttMs, 0) / 1000);
    const bounded = Math.min(Math.max(target, segments), 1.5 * segments);
    this.cwnd += ((bounded - segments) / segments) * bytes;
  }
}
