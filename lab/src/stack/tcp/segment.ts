// A received segment, read once into an object that serves them all. Options that make no sense end the
// reading of options, not the segment: a receiver must not fall over a stranger's.
import * as packet from "../../packet/index.js";
import type { ReceivedPacket } from "../received-packet.js";

// Asked for in every segment, so they are constants of this file: an imported one is looked up at every use.
const { TCP_HEADER_BYTES, TCP_OPTION_KIND } = packet;
const { syn: SYN, fin: FIN } = packet.TCP_FLAG;

/** Option kind of the blocks that a receiver holds. @source RFC 2018 section 3 */
export const TCP_OPTION_SACK = 5;
/** Blocks that fit into the options of one header. */
export const SACK_BLOCKS = 4;

/** A segment in host order; sequence numbers are signed. */
export class Segment {
  bytes: Uint8Array = new Uint8Array(0);
  /** The same bytes, for numbers of 16 and 32 bits. */
  view: DataView = new DataView(this.bytes.buffer);
  /** Signed. */
  sourceAddress = 0;
  sourcePort = 0;
  destinationPort = 0;
  sequence = 0;
  acknowledgment = 0;
  flags = 0;
  /** As on the wire, not scaled. */
  window = 0;
  /** Byte offset of the text in `bytes`. */
  textStart = 0;
  textBytes = 0;
  /** 0: the option was not there. */
  mss = 0;
  /** -1: the option was not there. */
  windowScale = -1;
  sackPermitted = false;
  sackCount = 0;
  readonly sackStarts: Int32Array = new Int32Array(SACK_BLOCKS);
  readonly sackEnds: Int32Array = new Int32Array(SACK_BLOCKS);

  /** SEG.LEN: text, and one each for SYN and FIN. @source RFC 9293 section 3.4 */
  get length(): number {
    return this.textBytes + (this.flags & SYN ? 1 : 0) + (this.flags & FIN ? 1 : 0);
  }

  has(flag: number): boolean {
    return (this.flags & flag) !== 0;
  }

  /** Reads a segment, its header by words of 32 bits. @returns False where its header cannot be. @source RFC 9293 section 3.1 */
  read({ bytes, view, start, end, source }: ReceivedPacket): boolean {
    if (end - start < TCP_HEADER_BYTES) return false;
    const fourth = view.getInt32(start + 12);
    const headerBytes = (fourth >>> 28) * 4;
    if (headerBytes < TCP_HEADER_BYTES || start + headerBytes > end) return false;
    const ports = view.getInt32(start);
    this.bytes = bytes;
    this.view = view;
    this.sourceAddress = source;
    this.sourcePort = ports >>> 16;
    this.destinationPort = ports & 0xffff;
    this.sequence = view.getInt32(start + 4);
    this.acknowledgment = view.getInt32(start + 8);
    this.flags = (fourth >>> 16) & 0xff;
    this.window = fourth & 0xffff;
    this.textStart = start + headerBytes;
    this.textBytes = end - this.textStart;
    this.mss = 0;
    this.windowScale = -1;
    this.sackPermitted = false;
    this.sackCount = 0;
    if (headerBytes > TCP_HEADER_BYTES) this.readOptions(start + TCP_HEADER_BYTES, this.textStart);
    return true;
  }

  private readOptions(start: number, end: number): void {
    const { bytes } = this;
    for (let at = start; at < end; ) {
      const kind = bytes[at];
      if (kind === 0) return;
      if (kind === 1) {
        at++;
        continue;
      }
      const length = at + 1 < end ? bytes[at + 1] : 0;
      if (length < 2 || at + length > end) return;
      this.readOption(kind, at, length);
      at += length;
    }
  }

  private readOption(kind: number, at: number, length: number): void {
    const { bytes } = this;
    if (kind === TCP_OPTION_SACK) this.readBlocks(at, length);
    else if (!this.has(SYN))
      return; // the others are said once, in the SYN: RFC 9293 section 3.7.1
    else if (kind === TCP_OPTION_KIND.mss && length === 4) this.mss = this.view.getUint16(at + 2);
    else if (kind === TCP_OPTION_KIND.windowScale && length === 3)
      this.windowScale = Math.min(bytes[at + 2], 14); // RFC 7323 section 2.3
    else if (kind === TCP_OPTION_KIND.sackPermitted && length === 2) this.sackPermitted = true;
  }

  private readBlocks(at: number, length: number): void {
    const count = Math.min((length - 2) >> 3, SACK_BLOCKS);
    for (let index = 0; index < count; index++) {
      this.sackStarts[index] = this.view.getInt32(at + 2 + 8 * index);
      this.sackEnds[index] = this.view.getInt32(at + 6 + 8 * index);
    }
    this.sackCount = count;
  }
}
