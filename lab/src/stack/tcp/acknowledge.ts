// What an acknowledgment says: so many bytes have arrived, so much more may come. Everything else is drawn
// from it: the round trip, the path's capacity, and what was lost.
import { TCP_FLAG } from "../../packet/index.js";
import { STACK_EVENT } from "../endpoint.js";
import { tellsOfDuplicate } from "./dsack.js";
import { heardAfterTimeout } from "./frto.js";
import { probeAnswered, scheduleProbe } from "./probe.js";
import { segmentsAcknowledged, segmentsSacked } from "./rack.js";
import { acknowledgedInRecovery, duplicateAck, lookForLoss } from "./recovery.js";
import { challengeAck } from "./reset.js";
import type { Segment } from "./segment.js";
import { seqAdd, seqAtMost, seqBefore, seqDistance, seqLater } from "./sequence.js";
import type { Tcb } from "./tcb.js";
import { peerGotTwice } from "./undo.js";

/**
 * Processes the ACK field in a synchronized state.
 *
 * @returns False where it cannot be ours: the segment goes no further.
 * @source RFC 9293 section 3.10.7.4, fifth; RFC 5961 section 5.2
 */
export function acknowledge(tcb: Tcb, segment: Segment): boolean {
  const ack = segment.acknowledgment;
  if (seqBefore(tcb.sndMax, ack) || seqBefore(ack, seqAdd(tcb.sndUna, -tcb.maxSndWnd))) {
    tcb.tcp.host.counters.drops.tcpBadAck++;
    challengeAck(tcb);
    return false;
  }
  const una = tcb.sndUna;
  const isNews = tcb.sackPermitted && segment.sackCount > 0 && takeBlocks(tcb, segment);
  if (isNews) segmentsSacked(tcb);
  if (seqBefore(tcb.sndUna, ack)) newAck(tcb, ack);
  else if (ack === tcb.sndUna && isDuplicate(tcb, segment)) duplicateAck(tcb);
  const hasTwice = tcb.sackPermitted && segment.sackCount > 0 && tellsOfDuplicate(segment);
  if (tcb.rack.isProbing) probeAnswered(tcb, ack, hasTwice);
  if (hasTwice) peerGotTwice(tcb, segment);
  if (tcb.inRecovery && tcb.byTimeout) heardAfterTimeout(tcb, segment, tcb.sndUna !== una, isNews);
  if (tcb.sackPermitted && (tcb.inRecovery || tcb.rack.sackedSegments > 0)) lookForLoss(tcb);
  updateWindow(tcb, segment);
  return true;
}

/** What names blocks is RACK's to judge. @source RFC 5681 section 2 */
function isDuplicate(tcb: Tcb, segment: Segment): boolean {
  return (
    !(tcb.sackPermitted && segment.sackCount > 0) &&
    tcb.sndUna !== tcb.sndMax &&
    segment.length === 0 &&
    segment.window << tcb.sndShift === tcb.sndWnd &&
    !tcb.isPersisting
  );
}

/** Notes what the peer holds. @returns Whether any of it was news. */
function takeBlocks(tcb: Tcb, segment: Segment): boolean {
  let isNews = false;
  for (let index = 0; index < segment.sackCount; index++) {
    const start = segment.sackStarts[index];
    const end = segment.sackEnds[index];
    // Below what is acknowledged: an old block, or a duplicate's, which is not for the scoreboard. RFC 2883 section 5
    const isSound = seqBefore(start, end) && seqBefore(tcb.sndUna, end) && seqAtMost(end, tcb.sndMax);
    if (isSound && seqBefore(tcb.sndUna, start)) isNews = tcb.scoreboard().add(start, end) || isNews;
  }
  return isNews;
}

function newAck(tcb: Tcb, ack: number): void {
  const acked = seqDistance(tcb.sndUna, ack);
  const flight = seqDistance(tcb.sndUna, tcb.sndMax);
  tcb.sendBuffer.release(Math.min(acked, tcb.sendBuffer.length)); // the rest is SYN or FIN
  tcb.sndUna = ack;
  tcb.sndNxt = seqLater(tcb.sndNxt, ack);
  tcb.sacked?.removeBefore(ack);
  segmentsAcknowledged(tcb, ack);
  measureRound(tcb, ack);
  restartTimer(tcb);
  if (tcb.inRecovery) acknowledgedInRecovery(tcb, acked);
  else {
    tcb.duplicateAcks = 0;
    // The window grows only if it was what held us back. RFC 9293 section 3.8.2 by RFC 7661 section 4.1
    if (flight + tcb.mss > tcb.congestion.cwnd) tcb.congestion.acknowledged(acked);
    else tcb.congestion.unneeded();
  }
  if (tcb.wantsRoom && tcb.sendBuffer.free >= Math.min(tcb.mss, tcb.sendBuffer.capacity / 2)) {
    tcb.wantsRoom = false;
    tcb.notice(STACK_EVENT.writable);
  }
}

function measureRound(tcb: Tcb, ack: number): void {
  if (!tcb.isTiming || seqBefore(ack, tcb.timedSequence)) return;
  tcb.isTiming = false;
  tcb.rto.sample(tcb.tcp.host.clock.seen[0] - tcb.timedMs);
}

/** @source RFC 6298 sections 5.2 and 5.3 */
function restartTimer(tcb: Tcb): void {
  tcb.retries = 0;
  tcb.rto.progress();
  tcb.isPersisting = false;
  if (tcb.sndUna === tcb.sndMax) tcb.retransmitTimer.stop();
  else {
    tcb.retransmitTimer.start(tcb.rto.rtoMs);
    scheduleProbe(tcb);
  }
}

/** Takes the window from a segment that is not older than the last one it was taken from. @source RFC 9293 section 3.10.7.4 */
export function updateWindow(tcb: Tcb, segment: Segment): void {
  const { sequence, acknowledgment } = segment;
  const isNewer =
    seqBefore(tcb.sndWl1, sequence) || (tcb.sndWl1 === sequence && seqAtMost(tcb.sndWl2, acknowledgment));
  if (!isNewer) return;
  tcb.sndWnd = segment.window << (segment.has(TCP_FLAG.syn) ? 0 : tcb.sndShift);
  tcb.sndWl1 = sequence;
  tcb.sndWl2 = acknowledgment;
  tcb.maxSndWnd = Math.max(tcb.maxSndWnd, tcb.sndWnd);
  if (tcb.isPersisting && tcb.sndWnd > 0) stopProbing(tcb);
}

/** The window is open again: what waits may go, and what the probe sent goes with it. */
function stopProbing(tcb: Tcb): void {
  tcb.isPersisting = false;
  tcb.retries = 0;
  tcb.retransmitTimer.stop();
  tcb.sndNxt = tcb.sndUna;
}
