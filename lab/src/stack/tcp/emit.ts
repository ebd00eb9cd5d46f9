// Writes one segment right into the link's memory: header, options, text from the send buffer, checksum. Every
// segment but the first SYN acknowledges and names the window, so whatever leaves settles what is owed.
import {
  IP_PROTOCOL,
  IPV4_HEADER_BYTES,
  ipv4PseudoSum,
  segmentChecksum,
  TCP_FIELDS,
  TCP_FLAG,
  TCP_HEADER_BYTES,
  TCP_OPTION_KIND,
} from "../../packet/index.js";
import { put16, put32 } from "../wire.js";
import { windowShift } from "./options.js";
import { SACK_BLOCKS, TCP_OPTION_SACK } from "./segment.js";
import { seqAdd, seqDistance, seqLater } from "./sequence.js";
import type { Tcb } from "./tcb.js";

/** Most bytes of text that a segment can have now: SACK blocks take room from it. @source RFC 9293 section 3.7.1 */
export function segmentRoom(tcb: Tcb): number {
  return tcb.mss - sackBytes(tcb);
}

function sackBytes(tcb: Tcb): number {
  if (!tcb.sackPermitted || tcb.outOfOrder === null || tcb.outOfOrder.size === 0) return 0;
  return 4 + 8 * Math.min(tcb.outOfOrder.size, SACK_BLOCKS, tcb.recentCount);
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
  const isSyn = (flags & TCP_FLAG.syn) !== 0;
  const headerBytes = TCP_HEADER_BYTES + (isSyn ? synBytes(tcb) : sackBytes(tcb));
  const at = ipv4.begin(tcb.remoteAddress, IP_PROTOCOL.tcp, headerBytes + textBytes);
  if (at < 0) {
    tcb.tcp.block(tcb);
    return false;
  }
  const { bytes } = ipv4;
  const acknowledges = tcb.state !== "SYN-SENT";
  writeHeader(
    bytes,
    at,
    tcb.localPort,
    tcb.remotePort,
    headerBytes,
    acknowledges ? flags | TCP_FLAG.ack : flags,
  );
  put32(bytes, at + TCP_FIELDS.sequence.offset, sequence);
  put32(bytes, at + TCP_FIELDS.acknowledgment.offset, acknowledges ? tcb.rcvNxt : 0);
  put16(bytes, at + TCP_FIELDS.window.offset, isSyn ? synWindow(tcb) : windowField(tcb));
  if (isSyn) writeSynOptions(tcb, bytes, at + TCP_HEADER_BYTES);
  else if (headerBytes > TCP_HEADER_BYTES) writeBlocks(tcb, bytes, at + TCP_HEADER_BYTES);
  if (textBytes > 0) {
    tcb.sendBuffer.copyOut(seqDistance(tcb.sndUna, sequence), textBytes, bytes, at + headerBytes);
  }
  writeChecksum(bytes, at, headerBytes + textBytes);
  ipv4.finish();
  if (acknowledges) settle(tcb);
  return true;
}

/** Nothing is owed any more. */
function settle(tcb: Tcb): void {
  tcb.ackNow = false;
  tcb.isAckHeld = false;
  tcb.unackedSegments = 0;
  tcb.ackTimer.stop();
}

/** Writes a header without options, its checksum still 0. */
export function writeHeader(
  bytes: Uint8Array,
  at: number,
  localPort: number,
  remotePort: number,
  headerBytes: number,
  flags: number,
): void {
  put16(bytes, at, localPort);
  put16(bytes, at + TCP_FIELDS.destinationPort.offset, remotePort);
  put16(bytes, at + TCP_FIELDS.headerWords.offset, (headerBytes << 10) | flags);
  put32(bytes, at + TCP_FIELDS.checksum.offset, 0);
}

/** Writes the checksum of a segment behind a header of ours, which has no options. */
export function writeChecksum(bytes: Uint8Array, at: number, length: number): void {
  const sum = ipv4PseudoSum(bytes, at - IPV4_HEADER_BYTES, length);
  put16(
    bytes,
    at + TCP_FIELDS.checksum.offset,
    segmentChecksum(bytes, at, at + length, sum, IP_PROTOCOL.tcp),
  );
}

/**
 * The window to advertise, scaled. Its right edge moves only in steps worth a segment, so that nobody is invited to
 * send crumbs, and never to the left. @source RFC 9293 sections 3.8.6 and 3.8.6.2.2
 */
function windowField(tcb: Tcb): number {
  const { receiveBuffer, rcvShift } = tcb;
  const old = seqDistance(tcb.rcvNxt, tcb.rcvAdv);
  const edge = Math.min(receiveBuffer.free, 65_535 << rcvShift);
  const isWorthIt = edge - old >= Math.min(receiveBuffer.capacity / 2, tcb.mss);
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

function writeSynOptions(tcb: Tcb, bytes: Uint8Array, at: number): void {
  const { mtu } = tcb.tcp.host;
  bytes[at] = TCP_OPTION_KIND.mss;
  bytes[at + 1] = 4;
  put16(bytes, at + 2, mtu - IPV4_HEADER_BYTES - TCP_HEADER_BYTES); // RFC 6691 section 2
  at += 4;
  if (offersScale(tcb)) {
    const shift = windowShift(tcb.receiveBuffer.capacity);
    put32(bytes, at, (1 << 24) | (TCP_OPTION_KIND.windowScale << 16) | (3 << 8) | shift);
    at += 4;
  }
  if (offersSack(tcb)) put32(bytes, at, (1 << 24) | (1 << 16) | (TCP_OPTION_KIND.sackPermitted << 8) | 2);
}

/** The newest block first, so that a lost acknowledgment loses nothing. @source RFC 2018 section 4 */
function writeBlocks(tcb: Tcb, bytes: Uint8Array, at: number): void {
  const ranges = tcb.outOfOrder!;
  const count = Math.min(ranges.size, SACK_BLOCKS, tcb.recentCount);
  put32(bytes, at, (1 << 24) | (1 << 16) | (TCP_OPTION_SACK << 8) | (2 + 8 * count));
  for (let index = 0; index < count; index++) {
    const range = ranges.indexOf(tcb.recent[index]);
    put32(bytes, at + 4 + 8 * index, ranges.startOf(range));
    put32(bytes, at + 8 + 8 * index, ranges.endOf(range));
  }
}
