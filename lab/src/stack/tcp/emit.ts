// Writes one segment right into the link's memory: header, options, text from the send buffer, checksum. Every
// segment but the first SYN acknowledges and names the window, so whatever leaves settles what is owed.
import * as packet from "../../packet/index.js";
import type { Ipv4 } from "../ipv4.js";
import { foldShortSum, sumOfHalves, sumOfPiece, sumOfPseudoHeader } from "../sum.js";
import { owesDuplicate } from "./dsack.js";
import { windowShift } from "./options.js";
import { SACK_BLOCKS, TCP_OPTION_SACK } from "./segment.js";
import { seqAdd, seqDistance, seqLater } from "./sequence.js";
import type { Tcb } from "./tcb.js";

// Asked for in every segment, so they are constants of this file: an imported one is looked up at every use.
const { IPV4_HEADER_BYTES, TCP_HEADER_BYTES, TCP_OPTION_KIND } = packet;
const { syn: SYN, ack: ACK } = packet.TCP_FLAG;
const PROTOCOL: number = packet.IP_PROTOCOL.tcp;
const CHECKSUM_AT: number = packet.TCP_FIELDS.checksum.offset;

/** Most bytes of text that a segment can have now: SACK blocks take room from it. @source RFC 9293 section 3.7.1 */
export function segmentRoom(tcb: Tcb): number {
  return tcb.mss - sackBytes(tcb);
}

function sackBytes(tcb: Tcb): number {
  const count = heldBlocks(tcb) + (owesDuplicate(tcb) ? 1 : 0);
  return count === 0 ? 0 : 4 + 8 * Math.min(count, SACK_BLOCKS);
}

/** Blocks that name what is held ahead of its turn. */
function heldBlocks({ sackPermitted, outOfOrder, recentCount }: Tcb): number {
  if (!sackPermitted || outOfOrder === null || outOfOrder.size === 0) return 0;
  return Math.min(outOfOrder.size, SACK_BLOCKS, recentCount);
}

/**
 * Sends one segment.
 *
 * @param sequence of its first byte
 * @param flags any of `TCP_FLAG`; ACK is added except to a first SYN
 * @param textBytes taken from the send buffer at `sequence`
 * @returns False where the link is full: the connection is tried again in the next poll.
 */
export function emitSegment(tcb: Tcb, sequence: number, flags: number, textBytes: number): boolean {
  const { ipv4 } = tcb.tcp.host;
  const isSyn = (flags & SYN) !== 0;
  const headerBytes = TCP_HEADER_BYTES + (isSyn ? synBytes(tcb) : sackBytes(tcb));
  const at = ipv4.begin(tcb.remoteAddress, PROTOCOL, headerBytes + textBytes);
  if (at < 0) {
    tcb.tcp.block(tcb);
    return false;
  }
  const { bytes, view } = ipv4;
  const acknowledges = tcb.state !== "SYN-SENT";
  const ports = (tcb.localPort << 16) | tcb.remotePort;
  const acknowledgment = acknowledges ? tcb.rcvNxt : 0;
  const window = isSyn ? synWindow(tcb) : windowField(tcb);
  const fourth = (headerBytes << 26) | ((acknowledges ? flags | ACK : flags) << 16) | window;
  const sum = writeHeader(view, at, ports, sequence, acknowledgment, fourth);
  if (isSyn) writeSynOptions(tcb, view, at + TCP_HEADER_BYTES);
  else if (headerBytes > TCP_HEADER_BYTES) writeBlocks(tcb, view, at + TCP_HEADER_BYTES);
  if (textBytes > 0) {
    tcb.sendBuffer.copyOut(seqDistance(tcb.sndUna, sequence), textBytes, bytes, at + headerBytes);
  }
  finishSegment(ipv4, at, headerBytes + textBytes, tcb.remoteAddress, sum);
  if (acknowledges) settle(tcb);
  return true;
}

/** Nothing is owed any more. */
function settle(tcb: Tcb): void {
  tcb.ackNow = false;
  tcb.isAckHeld = false;
  tcb.unackedSegments = 0;
  tcb.twiceEnd = tcb.twiceStart;
  tcb.ackTimer.stop();
}

/**
 * Writes a header without options, its checksum still 0.
 *
 * @param ports ours and the peer's, 16 bits each
 * @param fourth the header's fourth word: its length, flags, window
 * @returns The sum of its words for the checksum.
 * @source RFC 9293 section 3.1
 */
export function writeHeader(
  view: DataView,
  at: number,
  ports: number,
  sequence: number,
  acknowledgment: number,
  fourth: number,
): number {
  view.setInt32(at, ports);
  view.setInt32(at + 4, sequence);
  view.setInt32(at + 8, acknowledgment);
  view.setInt32(at + 12, fourth);
  view.setInt32(at + CHECKSUM_AT, 0);
  return sumOfHalves(ports) + sumOfHalves(sequence) + sumOfHalves(acknowledgment) + sumOfHalves(fourth);
}

/** Sends the segment that was written, with its checksum. @param length with its header @param headerSum from `writeHeader` */
export function finishSegment(ipv4: Ipv4, at: number, length: number, to: number, headerSum: number): void {
  const { view } = ipv4;
  const behind = sumOfPiece(ipv4.bytes, view, at + TCP_HEADER_BYTES, at + length);
  const sum = headerSum + behind + sumOfPseudoHeader(ipv4.own, to, PROTOCOL, length);
  view.setUint16(at + CHECKSUM_AT, foldShortSum(sum) ^ 0xffff);
  ipv4.finish();
}

/**
 * The window to advertise, scaled. Its right edge never moves to the left, and where less than half of the buffer is free only in steps
 * worth a segment, so that nobody is invited to send crumbs. Above, no crumb can come of it, and to whom reads at once the field stays the
 * same: a peer that predicts our next header (Linux's does, its window too) goes its short way. @source RFC 9293 sections 3.8.6 and 3.8.6.2.2;
 * net/ipv4/tcp_input.c, tcp_rcv_established, and tcp_output.c, __tcp_select_window, v6.18
 */
function windowField(tcb: Tcb): number {
  const { receiveBuffer, rcvShift } = tcb;
  const old = seqDistance(tcb.rcvNxt, tcb.rcvAdv);
  const edge = Math.min(receiveBuffer.free, 65_535 << rcvShift);
  const half = receiveBuffer.capacity >>> 1;
  const isWorthIt = edge >= half || edge - old >= Math.min(half, tcb.mss);
  const field = (isWorthIt ? edge : old) >>> rcvShift;
  tcb.rcvAdv = seqLater(tcb.rcvAdv, seqAdd(tcb.rcvNxt, field << rcvShift));
  return field;
}

/** The window of a SYN is never scaled. @source RFC 7323 section 2.2 */
function synWindow(tcb: Tcb): number {
  const window = Math.min(tcb.receiveBuffer.free, 65_535);
  if (tcb.state !== "SYN-SENT") tcb.rcvAdv = seqAdd(tcb.rcvNxt, window);
  return window;
}

/** An answering SYN offers what the other SYN offered; a first one offers all. @source RFC 7323 section 2.2; RFC 2018 section 2 */
function offersScale(tcb: Tcb): boolean {
  return tcb.state === "SYN-SENT" || tcb.peerScales;
}

function synBytes(tcb: Tcb): number {
  return 4 + (offersScale(tcb) ? 4 : 0) + (offersSack(tcb) ? 4 : 0);
}

function offersSack(tcb: Tcb): boolean {
  return tcb.tcp.options.sack && (tcb.state === "SYN-SENT" || tcb.sackPermitted);
}

function writeSynOptions(tcb: Tcb, view: DataView, at: number): void {
  const { mtu } = tcb.tcp.host;
  const mss = mtu - IPV4_HEADER_BYTES - TCP_HEADER_BYTES; // RFC 6691 section 2
  view.setInt32(at, (TCP_OPTION_KIND.mss << 24) | (4 << 16) | mss);
  at += 4;
  if (offersScale(tcb)) {
    const shift = windowShift(tcb.receiveBuffer.capacity);
    view.setInt32(at, (1 << 24) | (TCP_OPTION_KIND.windowScale << 16) | (3 << 8) | shift);
    at += 4;
  }
  if (offersSack(tcb)) view.setInt32(at, (1 << 24) | (1 << 16) | (TCP_OPTION_KIND.sackPermitted << 8) | 2);
}

/**
 * What came twice stands first; then the newest block, so that a lost acknowledgment loses nothing. The newest is also the one that what
 * came twice lies in, where it is held. @source RFC 2883 section 4, rules 4 and 5; RFC 2018 section 4
 */
function writeBlocks(tcb: Tcb, view: DataView, at: number): void {
  const first = owesDuplicate(tcb) ? 1 : 0;
  const count = Math.min(first + heldBlocks(tcb), SACK_BLOCKS);
  view.setInt32(at, (1 << 24) | (1 << 16) | (TCP_OPTION_SACK << 8) | (2 + 8 * count));
  if (first === 1) writeBlock(view, at + 4, tcb.twiceStart, tcb.twiceEnd);
  for (let index = first; index < count; index++) {
    const ranges = tcb.outOfOrder!;
    const range = ranges.indexOf(tcb.recent[index - first]);
    writeBlock(view, at + 4 + 8 * index, ranges.startOf(range), ranges.endOf(range));
  }
}

function writeBlock(view: DataView, at: number, start: number, end: number): void {
  view.setInt32(at, start);
  view.setInt32(at + 4, end);
}
