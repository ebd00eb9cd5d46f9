// Three segments make a connection: each side names the number its stream begins with, and hears the other
// repeat it. Two that call each other at once make one connection, too.
import { TCP_FLAG } from "../../packet/index.js";
import { emitSegment } from "./emit.js";
import { initialSequence } from "./isn.js";
import { closed, established } from "./lifecycle.js";
import { windowShift } from "./options.js";
import { refuse } from "./reset.js";
import type { Segment } from "./segment.js";
import { seqAdd, seqAtMost, seqBefore } from "./sequence.js";
import { DEFAULT_MSS, type Tcb } from "./tcb.js";
import { noteSent, output } from "./transmit.js";

/** Least segment size that a peer can force on us. @source RFC 9293 section 3.7.1 names none; 48 leaves text beside 40 bytes of options, and is Linux's least as well (sysctl net.ipv4.tcp_min_snd_mss) */
const LEAST_MSS = 48;

/** Begins the numbering and sends the first SYN. */
export function sendSyn(tcb: Tcb): void {
  const { host } = tcb.tcp;
  tcb.iss = initialSequence(
    host.clock.nowMs(),
    host.address,
    tcb.localPort,
    tcb.remoteAddress,
    tcb.remotePort,
    host.secret,
  );
  tcb.sndUna = tcb.iss;
  tcb.sndNxt = tcb.iss;
  tcb.sndMax = tcb.iss;
  tcb.recoveryPoint = tcb.iss;
  repeatSyn(tcb);
}

/** Sends the SYN, with an acknowledgment if the peer's is known. */
export function repeatSyn(tcb: Tcb): void {
  emitSegment(tcb, tcb.iss, TCP_FLAG.syn, 0);
  tcb.sndNxt = seqAdd(tcb.iss, 1);
  noteSent(tcb, tcb.iss, 1);
}

/** Takes the peer's SYN: where its stream begins, and what it can do. */
export function takeSyn(tcb: Tcb, segment: Segment): void {
  const { host, options } = tcb.tcp;
  tcb.irs = segment.sequence;
  tcb.rcvNxt = seqAdd(segment.sequence, 1);
  tcb.rcvAdv = tcb.rcvNxt;
  const offered = segment.mss === 0 ? DEFAULT_MSS : Math.max(segment.mss, LEAST_MSS);
  tcb.mss = Math.min(offered, host.mtu - 40); // RFC 9293 section 3.7.1
  tcb.sackPermitted = segment.sackPermitted && options.sack;
  tcb.peerScales = segment.windowScale >= 0;
  tcb.sndShift = Math.max(0, segment.windowScale); // only if both offer: RFC 7323 section 2.2
  tcb.rcvShift = tcb.peerScales ? windowShift(tcb.receiveBuffer.capacity) : 0;
  tcb.sndWl1 = segment.sequence;
  tcb.sndWl2 = segment.acknowledgment;
  tcb.sndWnd = segment.window; // of a SYN: not scaled
  tcb.maxSndWnd = segment.window;
}

/** A segment for a connection that has sent its SYN and heard nothing. @source RFC 9293 section 3.10.7.3 */
export function arriveInSynSent(tcb: Tcb, segment: Segment): void {
  const hasAck = segment.has(TCP_FLAG.ack);
  const isOurs =
    hasAck && seqBefore(tcb.iss, segment.acknowledgment) && seqAtMost(segment.acknowledgment, tcb.sndMax);
  if (hasAck && !isOurs) {
    refuse(tcb.tcp.host, segment);
  } else if (segment.has(TCP_FLAG.rst)) {
    if (isOurs) closed(tcb, "ECONNREFUSED");
  } else if (segment.has(TCP_FLAG.syn)) {
    takeSyn(tcb, segment);
    if (isOurs) {
      established(tcb, segment);
      tcb.tcp.holdAcknowledgment(tcb); // of their SYN; a first question of ours may say it, too
    } else {
      tcb.state = "SYN-RECEIVED"; // both called at once
      repeatSyn(tcb);
    }
    output(tcb);
  }
}
