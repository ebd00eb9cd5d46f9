// What a TCP may be tuned by. The defaults are the RFCs' where one is named; a wire in a lab may want others.

/** Sizes in bytes, times in ms. */
export interface TcpOptions {
  /** A power of two. */
  readonly sendBufferBytes: number;
  /** A power of two; above 64 KiB the window is scaled. */
  readonly receiveBufferBytes: number;
  readonly minRtoMs: number;
  readonly maxRtoMs: number;
  readonly initialRtoMs: number;
  /** How long an acknowledgment may wait for company; below 500. @source RFC 9293 section 3.8.6.3 */
  readonly delayedAckMs: number;
  /** Two segment lifetimes. */
  readonly timeWaitMs: number;
  /** How long FIN-WAIT-2 lasts once the application has gone. */
  readonly orphanMs: number;
  /** How often a SYN is sent again. @source RFC 9293 section 3.8.3 (at least 3 minutes for a SYN) */
  readonly synRetries: number;
  /** How often anything else is. @source RFC 9293 section 3.8.3 (at least 100 s) */
  readonly retries: number;
  /** Offers selective acknowledgments. */
  readonly sack: boolean;
  /** How the window for the path grows and shrinks. @source RFC 9438; RFC 5681 */
  readonly congestion: "cubic" | "reno";
  /** Between two keep-alive probes, and how many of them. @source RFC 9293 section 3.8.4 */
  readonly keepAliveIntervalMs: number;
  readonly keepAliveProbes: number;
}

/**
 * What a connection gets that says nothing. RFC 6298 section 2.4 wants a timeout of at least 1 s; Linux takes 200 ms,
 * and so does this. RFC 9293 section 3.4.2 calls a segment's life 2 minutes; Linux stays 60 s in TIME-WAIT, and so does this.
 */
export const TCP_DEFAULTS: TcpOptions = {
  sendBufferBytes: 1 << 18,
  receiveBufferBytes: 1 << 18,
  minRtoMs: 200,
  maxRtoMs: 60_000,
  initialRtoMs: 1000,
  delayedAckMs: 40,
  timeWaitMs: 60_000,
  orphanMs: 60_000,
  synRetries: 7,
  retries: 15,
  sack: true,
  congestion: "cubic",
  keepAliveIntervalMs: 75_000,
  keepAliveProbes: 9,
};

/** The scale that lets a buffer's size be said in 16 bits. @source RFC 7323 section 2.2 */
export function windowShift(capacity: number): number {
  let shift = 0;
  while (shift < 14 && 65_535 << shift < capacity - (1 << shift)) shift++;
  return shift;
}
