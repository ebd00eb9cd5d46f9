// What to send now, if anything: text as far as the peer's window and ours for the path allow, and in pieces
// worth sending; a FIN behind the last of it; an acknowledgment, if one is owed and nothing carried it.
import { TCP_FLAG } from "../../packet/index.js";
import { emitSegment, segmentRoom } from "./emit.js";
import { scheduleProbe } from "./probe.js";
import { sendInRecovery } from "./recovery.js";
import { seqAdd, seqAtMost, seqBefore, seqDistance, seqLater } from "./sequence.js";
import type { Tcb } from "./tcb.js";
import { noteAgain } from "./undo.js";

/** Sends whatever may go. Mostly nothing may: it is asked after every segment that came. */
export function output(tcb: Tcb): void {
  if (hasUnsent(tcb) && carriesText(tcb)) {
    restartAfterIdle(tcb);
    if (tcb.inRecovery && tcb.sackPermitted) sendInRecovery(tcb);
    else while (sendNext(tcb));
    watchWindow(tcb);
  }
  if (tcb.ackNow) emitSegment(tcb, idleSequence(tcb), TCP_FLAG.ack, 0);
}

/** Where a segment without text stands: at the end of what was sent, unless the peer's window has shrunk below it. */
export function idleSequence(tcb: Tcb): number {
  const edge = seqAdd(tcb.sndUna, tcb.sndWnd);
  return seqBefore(edge, tcb.sndMax) && isSynchronized(tcb) ? edge : tcb.sndMax;
}

/** Something was never sent, or goes again. */
function hasUnsent(tcb: Tcb): boolean {
  return tcb.sndNxt !== tcb.textEnd || tcb.finQueued || tcb.inRecovery;
}

function isSynchronized(tcb: Tcb): boolean {
  return tcb.state !== "SYN-SENT" && tcb.state !== "SYN-RECEIVED";
}

function carriesText(tcb: Tcb): boolean {
  switch (tcb.state) {
    case "ESTABLISHED":
    case "CLOSE-WAIT":
    case "FIN-WAIT-1":
    case "CLOSING":
    case "LAST-ACK":
      return true;
    default:
      return false;
  }
}

/** After a pause the path's state is not known any more. @source RFC 5681 section 4.1 */
function restartAfterIdle(tcb: Tcb): void {
  if (tcb.sndUna !== tcb.sndMax || tcb.sendBuffer.length === 0) return;
  const idleMs = tcb.tcp.host.clock.seen[0] - tcb.lastSentMs;
  if (idleMs > tcb.rto.rtoMs) tcb.congestion.idle();
}

/** Bytes that may be on their way beyond what is: cwnd, and for each duplicate acknowledgment what has left. @source RFC 5681 section 3.2 step 1; RFC 3042 */
function pathRoom(tcb: Tcb): number {
  if (tcb.inRecovery && tcb.sackPermitted) return Number.POSITIVE_INFINITY; // the pipe decides
  const flight = seqDistance(tcb.sndUna, tcb.sndNxt);
  const arrived =
    tcb.sackPermitted && tcb.sacked !== null && tcb.sacked.size > 0
      ? tcb.sacked.bytesBefore(tcb.sndNxt)
      : tcb.inRecovery
        ? 0
        : Math.min(tcb.duplicateAcks, 2) * tcb.mss;
  return tcb.congestion.cwnd + arrived - flight;
}

/** Sends the next segment in order. @param extra bytes beyond what the path has room for @returns Whether one was sent. */
export function sendNext(tcb: Tcb, extra = 0): boolean {
  skipSacked(tcb);
  const unsent = seqDistance(tcb.sndNxt, tcb.textEnd);
  const finDue = tcb.finQueued && unsent >= 0;
  if (unsent <= 0 && !finDue) return false;
  const windowRoom = seqDistance(tcb.sndNxt, seqAdd(tcb.sndUna, tcb.sndWnd));
  const full = segmentRoom(tcb);
  const length = Math.max(0, Math.min(unsent, full, windowRoom, pathRoom(tcb) + extra));
  const fin = finDue && length === unsent && windowRoom > length;
  if (!fin && (length === 0 || !isWorthSending(tcb, length, unsent, full))) return false;
  const sent = transmit(tcb, tcb.sndNxt, length, fin);
  if (sent > 0) tcb.sndNxt = seqAdd(tcb.sndNxt, sent);
  return sent > 0;
}

/** After a timeout: what the peer says it holds need not go again. */
function skipSacked(tcb: Tcb): void {
  if (tcb.sacked === null || tcb.sacked.size === 0 || tcb.sndNxt === tcb.sndMax) return;
  const range = tcb.sacked.indexOf(tcb.sndNxt);
  if (range >= 0) tcb.sndNxt = tcb.sacked.endOf(range);
}

/** Against silly windows, and Nagle's rule. @source RFC 9293 sections 3.8.6.2.1 and 3.7.4 */
function isWorthSending(tcb: Tcb, length: number, unsent: number, full: number): boolean {
  if (length >= full || seqBefore(tcb.sndNxt, tcb.sndMax)) return true;
  const isIdle = tcb.sndUna === tcb.sndNxt;
  if (length === unsent && (tcb.noDelay || isIdle || tcb.finQueued)) return true;
  return length >= tcb.maxSndWnd / 2;
}

/**
 * Sends text at a place, for the first time or again, and minds the timers.
 *
 * @returns Bytes of sequence space that were sent, 0 where the link was full.
 */
export function transmit(tcb: Tcb, sequence: number, length: number, fin: boolean): number {
  const end = seqAdd(sequence, length);
  const push = length > 0 && end === tcb.textEnd ? TCP_FLAG.psh : 0; // RFC 9293 section 3.9.1.2
  const flags = TCP_FLAG.ack | push | (fin ? TCP_FLAG.fin : 0);
  if (!emitSegment(tcb, sequence, flags, length)) return 0;
  const sent = length + (fin ? 1 : 0);
  tcb.rack.sent.moment[0] = tcb.tcp.host.clock.nowMs();
  tcb.rack.sent.note(sequence, seqAdd(sequence, sent));
  noteSent(tcb, sequence, sent);
  // More segments do not put it off here, but when it fires; a second one shortens what a single one must wait.
  if (!tcb.rack.awaitsProbe || tcb.rack.sent.size === 2) scheduleProbe(tcb);
  return sent;
}

/** Minds the clock of what was just sent. @source RFC 6298 sections 3 and 5.1 */
export function noteSent(tcb: Tcb, sequence: number, sent: number): void {
  const now = tcb.tcp.host.clock.seen[0];
  const end = seqAdd(sequence, sent);
  if (seqBefore(sequence, tcb.sndMax)) {
    tcb.tcp.host.counters.retransmitted++;
    tcb.isTiming = false; // Karn's algorithm
    noteAgain(tcb, sequence, end);
  } else if (!tcb.isTiming) {
    tcb.isTiming = true;
    tcb.timedSequence = end;
    tcb.timedMs = now;
  }
  tcb.sndMax = seqLater(tcb.sndMax, end);
  tcb.lastSentMs = now;
  if (!tcb.retransmitTimer.isRunning || tcb.isPersisting) {
    tcb.isPersisting = false;
    tcb.retransmitTimer.start(tcb.rto.rtoMs);
  }
}

/**
 * Something waits, nothing could be sent, and the window is shut: only a probe can find out. So it is, too, where the window
 * shut behind what was sent, or seems to, because two acknowledgments overtook one another. @source RFC 9293 sections 3.8.6 and 3.8.6.1
 */
function watchWindow(tcb: Tcb): void {
  if (tcb.retransmitTimer.isRunning || tcb.sndUna !== tcb.sndNxt) return;
  const waits =
    seqBefore(tcb.sndNxt, tcb.textEnd) || (tcb.finQueued && seqAtMost(tcb.sndNxt, tcb.finSequence));
  if (!waits) return;
  tcb.isPersisting = true;
  tcb.retransmitTimer.start(tcb.rto.rtoMs);
}
