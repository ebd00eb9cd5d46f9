// How much may be on its way, so that the path is neither idle nor flooded. Reno: double every round trip
// until the first loss (slow start), then a segment more each round trip; halve when something was lost,
// begin at one segment when the clock had to say so. What CUBIC does otherwise is in `cubic.ts`.

/** Reno's window. All in bytes. @source RFC 5681 */
export class RenoWindow {
  /** Bytes that may be on their way. */
  cwnd: number;
  /** Below this it is slow start. */
  ssthresh: number = Number.POSITIVE_INFINITY;
  protected mss: number;
  /** Share of what was on its way that may be after a loss. @source RFC 5681 section 3.1, equation 4 */
  protected readonly kept: number = 0.5;
  private credit = 0;
  private cwndBefore = 0;
  private ssthreshBefore = 0;

  constructor(mss: number) {
    this.mss = mss;
    this.cwnd = initialWindow(mss);
  }

  /** The segment size became known, before anything was sent. @param lostSyn the SYN had to be sent again */
  begin(mss: number, lostSyn: boolean): void {
    this.mss = mss;
    this.cwnd = lostSyn ? mss : initialWindow(mss); // RFC 5681 section 3.1, last paragraph
  }

  /**
   * New data was acknowledged.
   *
   * @param bytes how many
   * @param most segments by which slow start may grow at once: 2, since one acknowledgment covers two; but 1 while a timeout is
   * being mended, when an acknowledgment also covers what had arrived long before. RFC 3465's L
   * @source RFC 5681 section 3.1; RFC 3465 sections 2.1 to 2.3
   */
  acknowledged(bytes: number, most: 1 | 2 = 2): void {
    if (this.cwnd < this.ssthresh) {
      this.cwnd += Math.min(bytes, most * this.mss);
    } else this.avoid(bytes);
  }

  /** New data was acknowledged, and the window was not what held us back. */
  unneeded(): void {}

  /** Congestion avoidance: a segment more each round trip. @source RFC 5681 section 3.1 */
  protected avoid(bytes: number): void {
    this.credit += bytes;
    if (this.credit < this.cwnd) return;
    this.credit -= this.cwnd;
    this.cwnd += this.mss;
  }

  /** A segment was lost, and duplicate acknowledgments said so. @param flight bytes on their way @source RFC 5681 section 3.2 step 2 */
  lost(flight: number): void {
    this.ssthresh = Math.max(flight * this.kept, 2 * this.mss);
    this.cwnd = this.ssthresh;
    this.credit = 0;
  }

  /** The clock had to say so. @param again the same segment timed out before: ssthresh stays @source RFC 5681 section 3.1, equation 4 */
  timedOut(flight: number, again: boolean): void {
    if (!again) this.ssthresh = Math.max(flight * this.kept, 2 * this.mss);
    this.cwnd = this.mss;
    this.credit = 0;
  }

  /** A loss is about to be said, and may turn out to be none. */
  remember(): void {
    this.cwndBefore = this.cwnd;
    this.ssthreshBefore = this.ssthresh;
  }

  /**
   * It was none: the window is what it was, but for what would leave in one burst; to the rest slow start leads.
   *
   * @param flight bytes on their way
   * @source RFC 4015 section 3, pipe_prev and the last step
   */
  restore(flight: number): void {
    const calm = Math.min(this.cwndBefore, flight + initialWindow(this.mss));
    this.cwnd = Math.max(this.cwnd, calm);
    this.ssthresh = Math.max(this.ssthreshBefore, this.cwndBefore);
  }

  /** Nothing was sent for longer than the timeout. @source RFC 5681 section 4.1 */
  idle(): void {
    this.cwnd = Math.min(this.cwnd, initialWindow(this.mss));
  }
}

/** @source RFC 6928 section 2 */
function initialWindow(mss: number): number {
  return Math.min(10 * mss, Math.max(2 * mss, 14_600));
}
