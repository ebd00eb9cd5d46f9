// Saying no. A segment for nobody gets a RST that its sender must believe; a segment that looks forged gets an
// acknowledgment instead (a challenge), which an honest peer answers with a RST that fits.
import { IP_PROTOCOL, TCP_FLAG, TCP_HEADER_BYTES } from "../../packet/index.js";
import { emitSegment, finishSegment, writeHeader } from "./emit.js";
import type { Segment } from "./segment.js";
import { seqAdd } from "./sequence.js";
import type { TcpHost } from "./services.js";
import type { Tcb } from "./tcb.js";

/** Answers a segment that belongs to no connection. Nothing answers a RST. @source RFC 9293 section 3.10.7.1 */
export function refuse(host: TcpHost, segment: Segment): void {
  if (segment.has(TCP_FLAG.rst)) return;
  const hasAck = segment.has(TCP_FLAG.ack);
  const sequence = hasAck ? segment.acknowledgment : 0;
  const acknowledgment = hasAck ? 0 : seqAdd(segment.sequence, segment.length);
  const { ipv4 } = host;
  const at = ipv4.begin(segment.sourceAddress, IP_PROTOCOL.tcp, TCP_HEADER_BYTES);
  if (at < 0) return;
  const flags = hasAck ? TCP_FLAG.rst : TCP_FLAG.rst | TCP_FLAG.ack;
  const ports = (segment.destinationPort << 16) | segment.sourcePort;
  const sum = writeHeader(
    ipv4.view,
    at,
    ports,
    sequence,
    acknowledgment,
    (TCP_HEADER_BYTES << 26) | (flags << 16),
  );
  finishSegment(ipv4, at, TCP_HEADER_BYTES, segment.sourceAddress, sum);
  host.counters.resetsSent++;
}

/** Ends a connection from our side at once. @source RFC 9293 section 3.10.5 */
export function sendReset(tcb: Tcb): void {
  tcb.tcp.host.counters.resetsSent++;
  emitSegment(tcb, tcb.sndMax, TCP_FLAG.rst | TCP_FLAG.ack, 0);
}

/** Says where we are, to whoever may have forged a segment: not more often than the stack allows. @source RFC 5961 sections 3, 4, 5 and 7 */
export function challengeAck(tcb: Tcb): void {
  const { challenges, host } = tcb.tcp;
  if (!challenges.mayChallenge(host.clock.nowMs())) return;
  host.counters.challengeAcks++;
  tcb.ackNow = true;
}
