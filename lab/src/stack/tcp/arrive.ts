// A segment arrives, and the state decides. The order of the questions is RFC 9293's, section 3.10.7.4: does
// it lie in the window, is it a RST, a SYN, what does it acknowledge, what does it carry, does it end.
import { TCP_FLAG } from "../../packet/index.js";
import { STACK_EVENT } from "../endpoint.js";
import { acknowledge } from "./acknowledge.js";
import { cameTwice } from "./dsack.js";
import { closed, enterTimeWait, establish, resetByPeer } from "./lifecycle.js";
import { challengeAck, refuse, sendReset } from "./reset.js";
import type { Segment } from "./segment.js";
import { seqAdd, seqAtMost, seqBefore, seqDistance } from "./sequence.js";
import type { Tcb } from "./tcb.js";
import { takeText } from "./text.js";
import { output } from "./transmit.js";

/** A segment for a connection in any state but LISTEN and SYN-SENT. */
export function arrive(tcb: Tcb, segment: Segment): void {
  tcb.lastHeardMs = tcb.tcp.host.clock.seen[0];
  if (!isAcceptable(tcb, segment)) {
    answerUnacceptable(tcb, segment);
  } else if (segment.has(TCP_FLAG.rst)) {
    takeReset(tcb, segment);
  } else if (segment.has(TCP_FLAG.syn)) {
    challengeAck(tcb); // RFC 5961 section 4.2: in the window or not
  } else if (segment.has(TCP_FLAG.ack) && acknowledged(tcb, segment)) {
    afterAck(tcb, segment);
  }
  if (tcb.state !== "CLOSED") output(tcb);
}

/**
 * Does any of it lie in the window? An empty one must lie where we are, if the window is shut; so may the text of a probe,
 * of which nothing is kept but its acknowledgment counts. @source RFC 9293 section 3.10.7.4, first
 */
function isAcceptable(tcb: Tcb, segment: Segment): boolean {
  const first = seqDistance(tcb.rcvNxt, segment.sequence);
  const window = seqDistance(tcb.rcvNxt, tcb.rcvAdv);
  if (first === 0) return true;
  if (first > 0) return first < window;
  return first + segment.length > 0;
}

/** @source RFC 9293 section 3.10.7.4, first: not for a RST; RFC 5961 section 7 where it carries nothing */
function answerUnacceptable(tcb: Tcb, segment: Segment): void {
  tcb.tcp.host.counters.drops.tcpUnacceptable++;
  if (segment.has(TCP_FLAG.rst)) return;
  if (tcb.state === "TIME-WAIT" && segment.has(TCP_FLAG.fin)) enterTimeWait(tcb); // it starts anew: RFC 9293 section 3.10.7.4, eighth
  if (segment.textBytes > 0 || segment.has(TCP_FLAG.fin)) {
    tcb.ackNow = true;
    const end = seqAdd(segment.sequence, segment.length);
    if (seqAtMost(end, tcb.rcvNxt)) cameTwice(tcb, segment.sequence, end); // RFC 2883 section 4.1
  } else challengeAck(tcb);
}

/** @source RFC 5961 section 3.2; RFC 9293 section 3.10.7.4, second; in TIME-WAIT ignored: RFC 1337 section 3 */
function takeReset(tcb: Tcb, segment: Segment): void {
  if (tcb.state === "TIME-WAIT") return;
  if (segment.sequence !== tcb.rcvNxt) challengeAck(tcb);
  else resetByPeer(tcb);
}

/** @returns Whether the segment goes on to be read. */
function acknowledged(tcb: Tcb, segment: Segment): boolean {
  if (tcb.state !== "SYN-RECEIVED") return acknowledge(tcb, segment);
  const isOurs =
    seqBefore(tcb.sndUna, segment.acknowledgment) && seqAtMost(segment.acknowledgment, tcb.sndMax);
  if (!isOurs) {
    refuse(tcb.tcp.host, segment);
    return false;
  }
  return establish(tcb, segment) && acknowledge(tcb, segment);
}

function afterAck(tcb: Tcb, segment: Segment): void {
  if (tcb.isFinAcked) finAcknowledged(tcb);
  if (!mayCarryText(tcb)) {
    if (tcb.state === "TIME-WAIT" && segment.length > 0) tcb.ackNow = true;
    return;
  }
  if (
    tcb.isOrphan &&
    segment.textBytes > 0 &&
    seqBefore(tcb.rcvNxt, seqAdd(segment.sequence, segment.textBytes))
  ) {
    // Nobody will ever read it, so the peer must hear that it is lost. RFC 9293 section 3.6.1
    sendReset(tcb);
    closed(tcb, null);
    return;
  }
  if (segment.length > 0) takeText(tcb, segment);
  if (tcb.peerFinKnown && tcb.rcvNxt === tcb.peerFin) finReached(tcb);
}

function mayCarryText(tcb: Tcb): boolean {
  const { state } = tcb;
  return state === "ESTABLISHED" || state === "FIN-WAIT-1" || state === "FIN-WAIT-2";
}

/** @source RFC 9293 section 3.10.7.4, fifth, by states */
function finAcknowledged(tcb: Tcb): void {
  if (tcb.state === "FIN-WAIT-1") {
    tcb.state = "FIN-WAIT-2";
    if (tcb.isOrphan) tcb.longTimer.start(tcb.tcp.options.orphanMs);
  } else if (tcb.state === "CLOSING") enterTimeWait(tcb);
  else if (tcb.state === "LAST-ACK") closed(tcb, null);
}

/** Everything before the peer's FIN has come. @source RFC 9293 section 3.10.7.4, eighth */
function finReached(tcb: Tcb): void {
  tcb.rcvNxt = seqAdd(tcb.rcvNxt, 1);
  if (seqBefore(tcb.rcvAdv, tcb.rcvNxt)) tcb.rcvAdv = tcb.rcvNxt;
  tcb.peerFinKnown = false;
  tcb.ackNow = false;
  tcb.tcp.holdAcknowledgment(tcb); // most applications close now, too: one segment says both
  tcb.outOfOrder?.clear();
  tcb.recentCount = 0;
  tcb.notice(STACK_EVENT.ended | STACK_EVENT.readable);
  if (tcb.state === "ESTABLISHED") tcb.state = "CLOSE-WAIT";
  else if (tcb.state === "FIN-WAIT-1") tcb.state = "CLOSING";
  else if (tcb.state === "FIN-WAIT-2") enterTimeWait(tcb);
}
