// How long to wait for an acknowledgment before sending again: the smoothed round trip and four times its
// variation, doubled after each timeout. A sample counts only if its segment was sent once (Karn): an
// acknowledgment does not say which copy it answers.

/** Bounds of the timeout, in ms. */
export interface RtoLimits {
  readonly minRtoMs: number;
  readonly maxRtoMs: number;
  /** Before the first sample. @source RFC 6298 section 2.1 (1 s) */
  readonly initialRtoMs: number;
}

/** Clock granularity G in ms: a stack that polls sees an acknowledgment within this. @source RFC 6298 section 2 */
const GRANULARITY_MS = 1;

/** The retransmission timeout of one connection. @source RFC 6298 */
export class RtoEstimator {
  /** Smoothed round-trip time in ms; -1 before the first sample. */
  srttMs = -1;
  rttvarMs = 0;
  private baseMs: number;
  private backoff = 0;
  private readonly limits: RtoLimits;

  constructor(limits: RtoLimits) {
    this.limits = limits;
    this.baseMs = limits.initialRtoMs;
  }

  /** The timeout now, in ms. @source RFC 6298 section 2.5 (an upper bound of 60 s or more is allowed) */
  get rtoMs(): number {
    // Nearly always without a power, which takes longer than the rest.
    if (this.backoff === 0) return Math.min(this.baseMs, this.limits.maxRtoMs);
    return Math.min(this.baseMs * 2 ** this.backoff, this.limits.maxRtoMs);
  }

  /** Takes a round trip that was measured. @source RFC 6298 sections 2.2 to 2.4 */
  sample(rttMs: number): void {
    if (this.srttMs < 0) {
      this.srttMs = rttMs;
      this.rttvarMs = rttMs / 2;
    } else {
      this.rttvarMs = 0.75 * this.rttvarMs + 0.25 * Math.abs(this.srttMs - rttMs);
      this.srttMs = 0.875 * this.srttMs + 0.125 * rttMs;
    }
    const rto = this.srttMs + Math.max(GRANULARITY_MS, 4 * this.rttvarMs);
    this.baseMs = Math.min(Math.max(rto, this.limits.minRtoMs), this.limits.maxRtoMs);
    this.backoff = 0;
  }

  /** Doubles the timeout. @source RFC 6298 section 5.5 */
  backOff(): void {
    if (this.rtoMs < this.limits.maxRtoMs) this.backoff++;
  }

  /** New data was acknowledged, though perhaps by a second copy: the path works again. @source RFC 6298 section 5 (note on clearing) */
  progress(): void {
    this.backoff = 0;
  }

  /** The SYN was sent more than once: begin with 3 s. @source RFC 6298 section 5.7 */
  afterLostSyn(): void {
    if (this.srttMs < 0) this.baseMs = Math.min(Math.max(3000, this.limits.minRtoMs), this.limits.maxRtoMs);
    this.backoff = 0;
  }
}
