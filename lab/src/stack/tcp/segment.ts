// A received segment, read once into an object that serves them all. Options that make no sense end the
// reading of options, not the segment: a receiver must not fall over a stranger's.
import { TCP_FIELDS, TCP_FLAG, TCP_HEADER_BYTES, TCP_OPTION_KIND } from "../../packet/index.js";
import type { ReceivedPacket } from "../ipv4.js";
import { get16, get32 } from "../wire.js";

/** Option kind of the blocks that a receiver holds. @source RFC 2018 section 3 */
export const TCP_OPTION_SACK = 5;
/** Blocks that fit into the options of one header. */
export const SACK_BLOCKS = 4;

/** A segment in host order; sequence numbers are signed. */
export class Segment {
  bytes: Uint8Array = new Uint8Array(0);
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
    return this.textBytes + (this.flags & TCP_FLAG.syn ? 1 : 0) + (this.flags & TCP_FLAG.fin ? 1 : 0);
  }

  has(flag: number): boolean {
    return (this.flags & flag) !== 0;
  }

  /** Reads a segment. @returns False where its header cannot be. */
  read({ bytes, start, end, source }: ReceivedPacket): boolean {
    if (end - start < TCP_HEADER_BYTES) return false;
    const headerBytes = (bytes[start + TCP_FIELDS.headerWords.offset] >>> 4) * 4;
    if (headerBytes < TCP_HEADER_BYTES || start + headerBytes > end) return false;
    this.bytes = bytes;
    this.sourceAddress = source;
    this.sourcePort = get16(bytes, start);
    this.destinationPort = get16(bytes, start + TCP_FIELDS.destinationPort.offset);
    this.sequence = get32(bytes, start + TCP_FIELDS.sequence.offset);
    this.acknowledgment = get32(bytes, start + TCP_FIELDS.acknowledgment.offset);
    this.flags = bytes[start + TCP_FIELDS.flags.offset + 1];
    this.window = get16(bytes, start + TCP_FIELDS.window.offset);
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
    else if (!this.has(TCP_FLAG.syn))
      return; // the others are said once, in the SYN: RFC 9293 section 3.7.1
    else if (kind === TCP_OPTION_KIND.mss && length === 4) this.mss = get16(bytes, at + 2);
    else if (kind === TCP_OPTION_KIND.windowScale && length === 3)
      this.windowScale = Math.min(bytes[at + 2], 14); // RFC 7323 section 2.3
    else if (kind === TCP_OPTION_KIND.sackPermitted && length === 2) this.sackPermitted = true;
  }

  private readBlocks(at: number, length: number): void {
    const count = Math.min((length - 2) >> 3, SACK_BLOCKS);
    for (let index = 0; index < count; index++) {
      this.sackStarts[index] = get32(this.bytes, at + 2 + 8 * index);
      this.sackEnds[index] = get32(this.bytes, at + 6 + 8 * index);
    }
    this.sackCount = count;
  }
}
