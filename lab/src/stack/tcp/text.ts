// The text of a segment, put where it belongs: in its turn it is ready to be read at once, ahead of its turn
// it waits for the gap before it to fill. Nothing outside of the window we advertised is kept.
import { TCP_FLAG } from "../../packet/index.js";
import { STACK_EVENT } from "../endpoint.js";
import { cameTwice, compareWithHeld } from "./dsack.js";
import { SequenceRanges } from "./ranges.js";
import { SACK_BLOCKS, type Segment } from "./segment.js";
import { seqAdd, seqBefore, seqDistance } from "./sequence.js";
import type { Tcb } from "./tcb.js";

/** Takes a segment's text and its FIN. @source RFC 9293 section 3.10.7.4, seventh and eighth */
export function takeText(tcb: Tcb, segment: Segment): void {
  const offset = seqDistance(tcb.rcvNxt, segment.sequence);
  const skip = Math.min(Math.max(0, -offset), segment.textBytes);
  const sequence = seqAdd(segment.sequence, skip);
  const ahead = Math.max(0, offset);
  const room = seqDistance(tcb.rcvNxt, tcb.rcvAdv) - ahead;
  const whole = segment.textBytes - skip;
  const length = Math.max(0, Math.min(whole, room));
  if (length < whole) tcb.tcp.host.counters.drops.tcpOutsideWindow++;
  if (segment.has(TCP_FLAG.fin) && length === whole) noteFin(tcb, seqAdd(sequence, length));
  if (skip > 0) cameTwice(tcb, segment.sequence, sequence); // RFC 2883 section 4.2
  if (length > 0) place(tcb, segment, skip, sequence, ahead, length);
  else if (segment.length > 0) tcb.ackNow = true; // nothing new in it: say again where we are
}

/** Text behind the peer's FIN cannot be: the first FIN stands. */
function noteFin(tcb: Tcb, sequence: number): void {
  tcb.ackNow = true;
  if (tcb.peerFinKnown || seqBefore(sequence, tcb.rcvNxt)) return;
  tcb.peerFinKnown = true;
  tcb.peerFin = sequence;
}

function place(
  tcb: Tcb,
  segment: Segment,
  skip: number,
  sequence: number,
  ahead: number,
  length: number,
): void {
  tcb.receiveBuffer.put(ahead, segment.bytes, segment.textStart + skip, length);
  const waiting = tcb.outOfOrder;
  if (ahead === 0 && (waiting === null || waiting.size === 0)) {
    advance(tcb, length);
    acknowledgeSoon(tcb);
    return;
  }
  const ranges = waiting ?? beginToWait(tcb);
  compareWithHeld(tcb, ranges, sequence, seqAdd(sequence, length));
  ranges.add(sequence, seqAdd(sequence, length));
  if (ahead > 0) remember(tcb, sequence);
  else if (ranges.startOf(0) === tcb.rcvNxt) {
    advance(tcb, seqDistance(tcb.rcvNxt, ranges.endOf(0)));
    ranges.removeBefore(tcb.rcvNxt);
  } else advance(tcb, length); // no room for another range: it fits all the same
  forgetOld(tcb);
  tcb.ackNow = true; // at once, in a gap and when it fills: RFC 5681 section 4.2
}

/** Something has come ahead of its turn, for the first time. */
function beginToWait(tcb: Tcb): SequenceRanges {
  tcb.outOfOrder = new SequenceRanges();
  tcb.recent = new Int32Array(SACK_BLOCKS);
  return tcb.outOfOrder;
}

function advance(tcb: Tcb, bytes: number): void {
  tcb.receiveBuffer.advance(bytes);
  tcb.rcvNxt = seqAdd(tcb.rcvNxt, bytes);
  tcb.notice(STACK_EVENT.readable);
}

/** Every second segment at once, else a little later. @source RFC 9293 section 3.8.6.3; RFC 5681 section 4.2 */
function acknowledgeSoon(tcb: Tcb): void {
  tcb.unackedSegments++;
  if (tcb.unackedSegments >= 2) tcb.ackNow = true;
  else tcb.ackTimer.start(tcb.tcp.options.delayedAckMs);
}

/** The newest first, each range named once. @source RFC 2018 section 4 */
function remember(tcb: Tcb, sequence: number): void {
  const ranges = tcb.outOfOrder!;
  const { recent } = tcb;
  let carried = sequence;
  const own = ranges.indexOf(sequence);
  if (own < 0) return; // it found no room
  let index = 0;
  for (; index < tcb.recentCount; index++) {
    const next = recent[index];
    recent[index] = carried;
    carried = next;
    if (ranges.indexOf(carried) === own) return;
  }
  if (index < recent.length) {
    recent[index] = carried;
    tcb.recentCount++;
  }
}

/** Drops what the stream has reached, and what has grown into another's range. */
function forgetOld(tcb: Tcb): void {
  const ranges = tcb.outOfOrder!;
  let kept = 0;
  for (let index = 0; index < tcb.recentCount; index++) {
    const range = ranges.indexOf(tcb.recent[index]);
    let isKnown = range < 0;
    for (let before = 0; before < kept && !isKnown; before++)
      isKnown = ranges.indexOf(tcb.recent[before]) === range;
    if (!isKnown) tcb.recent[kept++] = tcb.recent[index];
  }
  tcb.recentCount = kept;
}
