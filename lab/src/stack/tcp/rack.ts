// What was sent before something that has arrived, and has not arrived itself a little later, is lost. Time finds what counting
// duplicate acknowledgments cannot: the loss of what was sent again, and of the last of few. This is RACK; the minimum of the round trip is never forgotten.

import type { SentSegments } from "./sent.js";
import { seqAtMost, seqBefore } from "./sequence.js";
import type { Tcb } from "./tcb.js";

/** Sacked segments that rule out patience where no reordering was seen. @source RFC 8985 section 6.2 step 4; RFC 5681 section 3.2 */
const DUPLICATE_THRESHOLD = 3;
/** So many recoveries without a needless copy, and patience is as short as it was. @source RFC 8985 section 6.2 step 4 */
const PATIENT_RECOVERIES = 16;

/** What RACK remembers of a connection. @source RFC 8985 section 5.3 */
export class Rack {
  sent: SentSegments;
  /** The latest sent of those that have arrived: when it was sent, where it ended, and its round trip. */
  sentMs: number = Number.NEGATIVE_INFINITY;
  end = 0;
  rttMs = 0;
  leastRttMs: number = Number.POSITIVE_INFINITY;
  /** End of the segment furthest in the stream that has arrived. */
  furthest = 0;
  sawReordering = false;
  /** Patience in quarters of the least round trip, reo_wnd_mult. */
  patienceQuarters = 1;
  /** For so many recoveries, reo_wnd_persist. */
  patientFor: number = PATIENT_RECOVERIES;
  /** It has grown in this round trip, which is over when this is acknowledged. */
  hasGrown = false;
  grownRoundEnd = 0;
  sackedSegments = 0;
  /** The timer is a probe's, and not for what may be late. */
  awaitsProbe = false;
  /** A probe is out, and the stream ended here then. */
  isProbing = false;
  probeEnd = 0;
  /** It was a copy: when more than it is acknowledged, it has mended a loss. */
  wasCopy = false;

  constructor(sent: SentSegments) {
    this.sent = sent;
  }
}

/** One has arrived. @source RFC 8985 section 6.2, steps 1 to 3 */
function arrived({ rack, tcp }: Tcb, index: number): void {
  const { sent } = rack;
  const end = sent.endOf(index);
  const sentMs = sent.sentMsOf(index);
  const again = sent.wasSentAgain(index);
  const rttMs = tcp.host.clock.seen[0] - sentMs;
  if (again && rttMs < rack.leastRttMs) return; // this answers an earlier copy
  if (!again) {
    rack.leastRttMs = Math.min(rack.leastRttMs, rttMs);
    if (rack.sentMs > Number.NEGATIVE_INFINITY && seqBefore(end, rack.furthest)) rack.sawReordering = true;
    else rack.furthest = end;
  }
  if (sentMs < rack.sentMs || (sentMs === rack.sentMs && seqAtMost(end, rack.end))) return;
  rack.sentMs = sentMs;
  rack.end = end;
  rack.rttMs = rttMs;
}

/** Takes out what is acknowledged. */
export function segmentsAcknowledged(tcb: Tcb, ack: number): void {
  const { sent } = tcb.rack;
  for (let index = 0; index < sent.size && seqAtMost(sent.endOf(index), ack); index++) {
    if (sent.isSacked(index)) tcb.rack.sackedSegments--;
    else arrived(tcb, index);
  }
  sent.removeBefore(ack);
}

/** Marks what the scoreboard says the peer holds. */
export function segmentsSacked(tcb: Tcb): void {
  const { rack } = tcb;
  const { sent } = rack;
  const sacked = tcb.scoreboard();
  let range = 0;
  for (let index = 0; index < sent.size && range < sacked.size; index++) {
    while (range < sacked.size && seqAtMost(sacked.endOf(range), sent.startOf(index))) range++;
    if (range === sacked.size || sent.isSacked(index)) continue;
    const isWhole =
      seqAtMost(sacked.startOf(range), sent.startOf(index)) &&
      seqAtMost(sent.endOf(index), sacked.endOf(range));
    if (!isWhole) continue;
    arrived(tcb, index);
    sent.markSacked(index);
    rack.sackedSegments++;
  }
}

/** How much later than others one may arrive, in ms, and not count as lost. @source RFC 8985 section 6.2 step 4 */
function patienceMs({ rack, rto, inRecovery }: Tcb): number {
  if (!rack.sawReordering && (inRecovery || rack.sackedSegments >= DUPLICATE_THRESHOLD)) return 0;
  return Math.min((rack.patienceQuarters * rack.leastRttMs) / 4, Math.max(rto.srttMs, 0));
}

/** A copy was needless: from now on wait longer; once a round trip. @source RFC 8985 section 6.2 step 4 */
export function patienceGrows({ rack, sndUna, sndMax }: Tcb): void {
  if (rack.hasGrown && seqBefore(sndUna, rack.grownRoundEnd)) return;
  rack.hasGrown = true;
  rack.grownRoundEnd = sndMax;
  rack.patienceQuarters++;
  rack.patientFor = PATIENT_RECOVERIES;
}

/** A recovery is over. @source RFC 8985 section 6.2 step 4 */
export function patienceWanes({ rack }: Tcb): void {
  if (--rack.patientFor <= 0) rack.patienceQuarters = 1;
}

/**
 * Marks what is lost, and sets the clock for what may be.
 *
 * @returns Whether any was marked; twice where one of them had been sent again.
 * @source RFC 8985 section 6.2 step 5
 */
export function detectLoss(tcb: Tcb): "none" | "lost" | "lost again" {
  const { rack } = tcb;
  const { sent } = rack;
  const now = tcb.tcp.host.clock.seen[0];
  const allowance = rack.rttMs + patienceMs(tcb);
  let found: "none" | "lost" | "lost again" = "none";
  let waitMs = 0;
  for (let index = 0; index < sent.size; index++) {
    if (sent.isSacked(index) || sent.isLost(index)) continue;
    const sentMs = sent.sentMsOf(index);
    if (sentMs > rack.sentMs || (sentMs === rack.sentMs && !seqBefore(sent.endOf(index), rack.end))) continue;
    const leftMs = sentMs + allowance - now;
    if (leftMs > 0) waitMs = Math.max(waitMs, leftMs);
    else {
      sent.markLost(index);
      found = sent.wasSentAgain(index) ? "lost again" : found === "none" ? "lost" : found;
    }
  }
  rack.awaitsProbe = false;
  if (waitMs > 0) tcb.reorderTimer.start(waitMs);
  else tcb.reorderTimer.stop();
  return found;
}

/** A timeout: the first is lost, and whatever has been on its way for longer than a round trip. @source RFC 8985 section 6.3 */
export function markLostByTimeout(tcb: Tcb): void {
  const { rack, rto } = tcb;
  const { sent } = rack;
  const before = tcb.tcp.host.clock.seen[0] - Math.max(rack.rttMs, rto.srttMs, 0) - patienceMs(tcb);
  for (let index = 0; index < sent.size; index++) {
    if (!sent.isSacked(index) && (index === 0 || sent.sentMsOf(index) <= before)) sent.markLost(index);
  }
}
