// What the stack did and, above all, what it threw away and why: a stack that drops in silence cannot be
// debugged. Plain numbers, so that counting costs an addition.

/** Reasons for which a received frame, packet, segment or datagram is dropped. */
export type DropReason =
  | "frameTooShort"
  | "otherEtherType"
  | "otherMac"
  | "arpMalformed"
  | "ipMalformed"
  | "ipChecksum"
  | "ipNotForUs"
  | "ipSource"
  | "fragmentMalformed"
  | "fragmentOverlap"
  | "fragmentLimit"
  | "fragmentTimeout"
  | "otherProtocol"
  | "icmpMalformed"
  | "icmpChecksum"
  | "udpMalformed"
  | "udpChecksum"
  | "udpNoPort"
  | "udpQueueFull"
  | "tcpMalformed"
  | "tcpChecksum"
  | "tcpNoPort"
  | "tcpUnacceptable"
  | "tcpBadAck"
  | "tcpSynBacklog"
  | "tcpAcceptBacklog"
  | "tcpOutsideWindow"
  | "noNeighbour"
  | "linkFull";

const REASONS: readonly DropReason[] = [
  "frameTooShort",
  "otherEtherType",
  "otherMac",
  "arpMalformed",
  "ipMalformed",
  "ipChecksum",
  "ipNotForUs",
  "ipSource",
  "fragmentMalformed",
  "fragmentOverlap",
  "fragmentLimit",
  "fragmentTimeout",
  "otherProtocol",
  "icmpMalformed",
  "icmpChecksum",
  "udpMalformed",
  "udpChecksum",
  "udpNoPort",
  "udpQueueFull",
  "tcpMalformed",
  "tcpChecksum",
  "tcpNoPort",
  "tcpUnacceptable",
  "tcpBadAck",
  "tcpSynBacklog",
  "tcpAcceptBacklog",
  "tcpOutsideWindow",
  "noNeighbour",
  "linkFull",
];

/** Counts since the stack was made. */
export class StackCounters {
  framesIn = 0;
  framesOut = 0;
  /** TCP segments sent again after a timeout, or on the word of duplicate acknowledgments. */
  retransmitted = 0;
  timeouts = 0;
  fastRecoveries = 0;
  /** Timeouts that F-RTO found to have been too early. */
  spuriousTimeouts = 0;
  /** Recoveries that were needless, so that the window was put back. */
  undone = 0;
  /** Acknowledgments by which the peer said that something came twice (D-SACK). */
  duplicatesTold = 0;
  challengeAcks = 0;
  resetsSent = 0;
  readonly drops: Record<DropReason, number> = Object.fromEntries(
    REASONS.map((reason) => [reason, 0]),
  ) as Record<DropReason, number>;

  /** The reasons that occurred, with how often. */
  dropped(): [DropReason, number][] {
    return REASONS.filter((reason) => this.drops[reason] > 0).map((reason) => [reason, this.drops[reason]]);
  }
}
