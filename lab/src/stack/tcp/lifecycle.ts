// Where a connection's life turns: established, closing, waiting, gone.
import { STACK_EVENT, type StackFailure } from "../endpoint.js";
import { Connection } from "./connection.js";
import type { Segment } from "./segment.js";
import { seqAdd, seqDistance } from "./sequence.js";
import type { Tcb } from "./tcb.js";

/**
 * The peer has acknowledged our SYN in SYN-RECEIVED.
 *
 * @returns False where the listener has no room for another connection: the acknowledgment is ignored, our SYN goes again.
 */
export function establish(tcb: Tcb, segment: Segment): boolean {
  const { listener } = tcb;
  if (listener !== null && !listener.hasRoom) {
    tcb.tcp.host.counters.drops.tcpAcceptBacklog++;
    return false;
  }
  tcb.owner ??= new Connection(tcb);
  established(tcb, segment);
  if (listener !== null) listener.complete(tcb.owner);
  return true;
}

/** Both numberings are known: text may flow. @source RFC 9293 section 3.10.7.3, fourth, and 3.10.7.4, fifth */
export function established(tcb: Tcb, segment: Segment): void {
  const lostSyn = tcb.retries > 0;
  tcb.state = "ESTABLISHED";
  tcb.sndUna = segment.acknowledgment;
  tcb.sndNxt = segment.acknowledgment;
  tcb.sndMax = segment.acknowledgment;
  tcb.recoveryPoint = tcb.iss; // none has ended here
  // In SYN-RECEIVED the acknowledging segment's window is scaled, a SYN's never: RFC 7323 section 2.2
  tcb.sndWnd = segment.window << (isSyn(segment) ? 0 : tcb.sndShift);
  tcb.maxSndWnd = Math.max(tcb.maxSndWnd, tcb.sndWnd);
  tcb.sndWl1 = segment.sequence;
  tcb.sndWl2 = segment.acknowledgment;
  tcb.congestion.begin(tcb.mss, lostSyn);
  if (tcb.isTiming) {
    tcb.isTiming = false;
    tcb.rto.sample(tcb.tcp.host.clock.nowMs() - tcb.timedMs);
  } else if (lostSyn) tcb.rto.afterLostSyn();
  tcb.retries = 0;
  tcb.softError = null;
  tcb.retransmitTimer.stop();
  if (tcb.keepAliveMs > 0) tcb.longTimer.start(tcb.keepAliveMs);
  if (tcb.finQueued) tcb.state = "FIN-WAIT-1"; // closed before it was open: RFC 9293 section 3.10.4
  tcb.notice(STACK_EVENT.connected | STACK_EVENT.writable);
}

function isSyn(segment: Segment): boolean {
  return (segment.flags & 2) !== 0;
}

/** Ends our side of the stream behind what was written. @source RFC 9293 section 3.10.4 */
export function queueFin(tcb: Tcb): void {
  if (tcb.finQueued) return;
  const isOpen = tcb.state === "ESTABLISHED" || tcb.state === "CLOSE-WAIT";
  if (!isOpen && tcb.state !== "SYN-SENT" && tcb.state !== "SYN-RECEIVED") return;
  tcb.finSequence = isOpen ? seqAdd(tcb.sndUna, tcb.sendBuffer.length) : seqAdd(tcb.iss, 1);
  tcb.finQueued = true;
  if (tcb.state === "ESTABLISHED") tcb.state = "FIN-WAIT-1";
  else if (tcb.state === "CLOSE-WAIT") tcb.state = "LAST-ACK";
}

/** Both have closed: stay for two segment lifetimes, so that old segments meet somebody who knows. @source RFC 9293 section 3.6.1 */
export function enterTimeWait(tcb: Tcb): void {
  tcb.state = "TIME-WAIT";
  tcb.endSending();
  tcb.receiveBuffer.leaveArena();
  tcb.sacked = null;
  tcb.longTimer.start(tcb.tcp.options.timeWaitMs);
}

/** The peer's RST fits. @source RFC 9293 section 3.10.7.4, second */
export function resetByPeer(tcb: Tcb): void {
  if (tcb.state === "SYN-RECEIVED") closed(tcb, tcb.listener === null ? "ECONNREFUSED" : null);
  else if (tcb.state === "CLOSING" || tcb.state === "LAST-ACK") closed(tcb, null);
  else closed(tcb, "ECONNRESET");
}

/** Ends a connection's life. What has arrived can still be read, unless it failed. */
export function closed(tcb: Tcb, failure: StackFailure | null): void {
  if (tcb.state === "CLOSED") return;
  const wasHalfOpen = tcb.state === "SYN-RECEIVED";
  tcb.state = "CLOSED";
  tcb.failure = failure;
  tcb.ackNow = false;
  tcb.endSending();
  tcb.ackTimer.remove();
  tcb.longTimer.remove();
  if (failure !== null || tcb.isOrphan) tcb.receiveBuffer.clear();
  else tcb.receiveBuffer.leaveArena();
  if (wasHalfOpen) tcb.listener?.lost();
  tcb.tcp.forget(tcb);
  tcb.notice(failure === null ? STACK_EVENT.closed : STACK_EVENT.closed | STACK_EVENT.failed);
}

/** Bytes written and not acknowledged. */
export function unacknowledgedBytes(tcb: Tcb): number {
  return Math.max(0, seqDistance(tcb.sndUna, tcb.textEnd));
}
