// Three duplicate acknowledgments say that something was lost and that the path still delivers. With SACK the
// peer even says what it holds, so exactly the holes are sent again (RFC 6675); without, the first hole after
// each partial acknowledgment (RFC 6582, NewReno).

import { segmentRoom } from "./emit.js";
import { seqAdd, seqAtMost, seqBefore, seqDistance, seqLater } from "./sequence.js";
import type { Tcb } from "./tcb.js";
import { sendNext, transmit } from "./transmit.js";

/** @source RFC 5681 section 3.2 step 2; RFC 6675 section 2 (DupThresh) */
const DUPLICATE_THRESHOLD = 3;

/** A duplicate acknowledgment came. */
export function duplicateAck(tcb: Tcb): void {
  tcb.duplicateAcks++;
  if (tcb.inRecovery) {
    if (!tcb.sackPermitted) tcb.congestion.cwnd += tcb.mss; // RFC 5681 section 3.2 step 4
    return;
  }
  const isLost = tcb.duplicateAcks >= DUPLICATE_THRESHOLD || seqBefore(tcb.sndUna, lostBefore(tcb));
  // None begins below the last one's end, or a timeout's. RFC 6582 section 3.2 step 2; RFC 6675 section 5.1
  if (isLost && seqAtMost(tcb.recoveryPoint, tcb.sndUna)) enterRecovery(tcb);
}

function enterRecovery(tcb: Tcb): void {
  tcb.tcp.host.counters.fastRecoveries++;
  tcb.inRecovery = true;
  tcb.recoveryPoint = tcb.sndMax;
  tcb.congestion.lost(seqDistance(tcb.sndUna, tcb.sndMax));
  if (!tcb.sackPermitted) tcb.congestion.cwnd += DUPLICATE_THRESHOLD * tcb.mss; // RFC 5681 section 3.2 step 3
  tcb.highRetransmitted = seqAdd(tcb.sndUna, resend(tcb, tcb.sndUna, firstHoleEnd(tcb)));
  tcb.retransmitTimer.start(tcb.rto.rtoMs);
}

function firstHoleEnd(tcb: Tcb): number {
  return tcb.sacked !== null && tcb.sacked.size > 0 ? tcb.sacked.startOf(0) : tcb.sndMax;
}

/** Sends one segment again, no further than `end`. @returns Bytes of sequence space sent. */
function resend(tcb: Tcb, sequence: number, end: number): number {
  const hole = seqDistance(sequence, end);
  const text = Math.max(0, Math.min(hole, segmentRoom(tcb), seqDistance(sequence, tcb.textEnd)));
  const fin = tcb.finQueued && seqAdd(sequence, text) === tcb.finSequence && text < hole;
  return text > 0 || fin ? transmit(tcb, sequence, text, fin) : 0;
}

/** New data was acknowledged during recovery. @param acked how many bytes */
export function acknowledgedInRecovery(tcb: Tcb, acked: number): void {
  const { congestion } = tcb;
  if (seqAtMost(tcb.recoveryPoint, tcb.sndUna)) {
    tcb.inRecovery = false;
    tcb.duplicateAcks = 0;
    const flight = seqDistance(tcb.sndUna, tcb.sndMax);
    congestion.cwnd = tcb.sackPermitted
      ? congestion.ssthresh
      : Math.min(congestion.ssthresh, Math.max(flight, tcb.mss) + tcb.mss); // RFC 6582 section 3.2 step 3
    return;
  }
  if (tcb.sackPermitted) return;
  // A partial acknowledgment: the next hole begins right there. RFC 6582 section 3.2 step 3
  resend(tcb, tcb.sndUna, tcb.sndMax);
  congestion.cwnd = Math.max(congestion.cwnd - acked + (acked >= tcb.mss ? tcb.mss : 0), tcb.mss);
}

/**
 * Everything before this, if not sacked, counts as lost: three ranges, or more than two segments' bytes, were received
 * after it. @source RFC 6675 section 4, IsLost
 */
export function lostBefore(tcb: Tcb): number {
  const { sacked } = tcb;
  if (sacked === null) return tcb.sndUna;
  let bytes = 0;
  for (let index = sacked.size - 1; index >= 0; index--) {
    bytes += seqDistance(sacked.startOf(index), sacked.endOf(index));
    const isEnough =
      sacked.size - index >= DUPLICATE_THRESHOLD || bytes > (DUPLICATE_THRESHOLD - 1) * tcb.mss;
    if (isEnough) return sacked.startOf(index);
  }
  return tcb.sndUna;
}

/** Bytes that are believed to be on their way. @source RFC 6675 section 4, SetPipe */
function pipeOf(tcb: Tcb, lost: number): number {
  const { sacked } = tcb;
  const count = sacked?.size ?? 0;
  let pipe = 0;
  let at = tcb.sndUna;
  for (let index = 0; index <= count; index++) {
    const end = index < count ? sacked!.startOf(index) : tcb.sndMax;
    pipe += Math.max(0, seqDistance(seqLater(at, lost), end));
    const again = seqBefore(end, tcb.highRetransmitted) ? end : tcb.highRetransmitted;
    pipe += Math.max(0, seqDistance(at, again));
    if (index < count) at = sacked!.endOf(index);
  }
  return pipe;
}

/** Sends as the pipe allows: first what is lost, then what is new, then what may be lost. @source RFC 6675 section 5 step C, NextSeg */
export function sendInRecovery(tcb: Tcb): void {
  const lost = lostBefore(tcb);
  let pipe = pipeOf(tcb, lost);
  while (tcb.congestion.cwnd - pipe >= tcb.mss) {
    const before = tcb.sndMax;
    const sent =
      resendHole(tcb, lost) || (sendNext(tcb) ? seqDistance(before, tcb.sndMax) : 0) || resendHole(tcb, null);
    if (sent <= 0) return;
    pipe += sent;
  }
}

/** Sends the first hole again that was not yet. @param limit only before this; null: before the last sacked byte */
function resendHole(tcb: Tcb, limit: number | null): number {
  const { sacked } = tcb;
  if (sacked === null || sacked.size === 0) return 0;
  let at = seqLater(tcb.highRetransmitted, tcb.sndUna);
  const inside = sacked.indexOf(at);
  if (inside >= 0) at = sacked.endOf(inside);
  let next = 0;
  while (next < sacked.size && seqAtMost(sacked.startOf(next), at)) next++;
  if (next === sacked.size || (limit !== null && seqAtMost(limit, at))) return 0;
  const sent = resend(tcb, at, sacked.startOf(next));
  if (sent > 0) tcb.highRetransmitted = seqAdd(at, sent);
  return sent;
}
