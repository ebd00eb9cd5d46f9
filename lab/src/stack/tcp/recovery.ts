// Something was lost, and the path still delivers. With SACK the peer says what it holds and time says what is lost (RACK), so exactly
// that is sent again (RFC 6675); without, three duplicate acknowledgments say so, and the first hole goes again after each partial
// acknowledgment (RFC 6582, NewReno).

import { segmentRoom } from "./emit.js";
import { sendsForward } from "./frto.js";
import { probeTimeout } from "./probe.js";
import { detectLoss, markLostByTimeout, patienceWanes } from "./rack.js";
import { seqAdd, seqAtMost, seqBefore, seqDistance } from "./sequence.js";
import type { Tcb } from "./tcb.js";
import { output, sendNext, transmit } from "./transmit.js";
import { openEpisode } from "./undo.js";

/** @source RFC 5681 section 3.2 step 2 */
const DUPLICATE_THRESHOLD = 3;

/** A duplicate acknowledgment came, which names nothing that the peer holds. */
export function duplicateAck(tcb: Tcb): void {
  tcb.duplicateAcks++;
  if (tcb.inRecovery) {
    if (!tcb.sackPermitted) tcb.congestion.cwnd += tcb.mss; // RFC 5681 section 3.2 step 4
    return;
  }
  const isLost = tcb.duplicateAcks >= DUPLICATE_THRESHOLD;
  // None begins below the last one's end, or a timeout's. RFC 6582 section 3.2 step 2
  if (isLost && seqAtMost(tcb.recoveryPoint, tcb.sndUna)) enterRecovery(tcb);
}

/** Asks time what is lost, and begins a recovery where that is news. With SACK only. */
export function lookForLoss(tcb: Tcb): void {
  const found = detectLoss(tcb);
  if (found === "none") return;
  if (!tcb.inRecovery) enterRecovery(tcb);
  else if (found === "lost again" && !tcb.loweredTwice) {
    tcb.loweredTwice = true; // RFC 5681 section 4.3
    tcb.congestion.lost(Math.min(tcb.congestion.cwnd, seqDistance(tcb.sndUna, tcb.sndMax)));
  }
}

/** What may have been late has not come, or nothing has. */
export function reorderingTimeout(tcb: Tcb): void {
  if (tcb.rack.awaitsProbe) probeTimeout(tcb);
  else lookForLoss(tcb);
  output(tcb);
}

function enterRecovery(tcb: Tcb): void {
  const { sent } = tcb.rack;
  tcb.tcp.host.counters.fastRecoveries++;
  tcb.inRecovery = true;
  tcb.byTimeout = false;
  tcb.loweredTwice = false;
  tcb.recoveryPoint = tcb.sndMax;
  openEpisode(tcb);
  tcb.congestion.lost(seqDistance(tcb.sndUna, tcb.sndMax));
  tcb.retransmitTimer.start(tcb.rto.rtoMs);
  if (!tcb.sackPermitted) {
    tcb.congestion.cwnd += DUPLICATE_THRESHOLD * tcb.mss; // RFC 5681 section 3.2 step 3
    resend(tcb, tcb.sndUna, tcb.sndMax);
    return;
  }
  if (sent.size > 0 && tcb.duplicateAcks >= DUPLICATE_THRESHOLD) sent.markLost(0);
  resendLost(tcb); // the first whatever the pipe holds: RFC 6675 section 5, step 4.3
}

/**
 * The clock had to say that something was lost. What the peer says it holds is not sent again; only if it waits for what it said it
 * holds, it has thrown all of that away. @source RFC 8985 section 6.3; RFC 2018 section 8
 */
export function recoverFromTimeout(tcb: Tcb): void {
  tcb.inRecovery = true;
  tcb.byTimeout = true;
  tcb.loweredTwice = true;
  tcb.recoveryPoint = tcb.sndMax;
  tcb.reorderTimer.stop();
  tcb.rack.awaitsProbe = false;
  tcb.rack.isProbing = false;
  if (tcb.scoreboard().indexOf(tcb.sndUna) >= 0) {
    tcb.scoreboard().clear();
    tcb.rack.sent.forgetSacks();
    tcb.rack.sackedSegments = 0;
  }
  markLostByTimeout(tcb);
  resendLost(tcb); // whatever the pipe holds: RFC 6298 section 5.4
}

/** Sends one segment again, no further than `end`. @returns Bytes of sequence space sent. */
export function resend(tcb: Tcb, sequence: number, end: number): number {
  const hole = seqDistance(sequence, end);
  const text = Math.max(0, Math.min(hole, segmentRoom(tcb), seqDistance(sequence, tcb.textEnd)));
  const fin = tcb.finQueued && seqAdd(sequence, text) === tcb.finSequence && text < hole;
  return text > 0 || fin ? transmit(tcb, sequence, text, fin) : 0;
}

/** New data was acknowledged during recovery. @param acked how many bytes */
export function acknowledgedInRecovery(tcb: Tcb, acked: number): void {
  const { congestion } = tcb;
  if (tcb.byTimeout) congestion.acknowledged(acked, 1); // slow start, and what follows: RFC 5681 section 3.1
  if (seqAtMost(tcb.recoveryPoint, tcb.sndUna)) {
    tcb.inRecovery = false;
    tcb.duplicateAcks = 0;
    patienceWanes(tcb);
    if (tcb.byTimeout) return;
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

/** Bytes that are believed to be on their way. @source RFC 6675 section 4, SetPipe; RFC 8985 section 6.2 for what is lost */
export function pipeOf(tcb: Tcb): number {
  const { sent } = tcb.rack;
  let pipe = 0;
  for (let index = 0; index < sent.size; index++) {
    if (!sent.isSacked(index) && !sent.isLost(index))
      pipe += seqDistance(sent.startOf(index), sent.endOf(index));
  }
  return pipe;
}

/** Sends as the pipe allows: first what is lost, then what is new. @source RFC 6675 section 5 step C */
export function sendInRecovery(tcb: Tcb): void {
  tcb.sndNxt = tcb.sndMax;
  if (sendsForward(tcb)) return;
  while (tcb.congestion.cwnd - pipeOf(tcb) >= tcb.mss) {
    if (!resendLost(tcb) && !sendNext(tcb)) return;
  }
}

/** Sends the first lost segment again. @returns False where there is none, or the link is full. */
function resendLost(tcb: Tcb): boolean {
  const { sent } = tcb.rack;
  let index = 0;
  while (index < sent.size && !sent.isLost(index)) index++;
  if (index === sent.size) return false;
  const end = sent.endOf(index);
  for (let at = sent.startOf(index); seqBefore(at, end); ) {
    const bytes = resend(tcb, at, end);
    if (bytes === 0) return false;
    at = seqAdd(at, bytes);
  }
  return true;
}
