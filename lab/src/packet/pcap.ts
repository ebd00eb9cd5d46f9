// The classic capture file: a header of 24 bytes, then for each packet 16 bytes
// (seconds, fraction, bytes kept, bytes there were) and the bytes themselves. The
// first four bytes tell both the byte order and whether a fraction counts
// microseconds or nanoseconds.

import { ByteCursor, type ByteOrder } from "../base/index.js";
import { type Capture, CaptureError, type CapturePacket, faultOfLength } from "./capture.js";

/** First four bytes of a file, read in its own byte order. @source draft-ietf-opsawg-pcap section 4 */
export const PCAP_MAGIC: Readonly<Record<"micro" | "nano", number>> = { micro: 0xa1b2c3d4, nano: 0xa1b23c4d };

/** Bytes before the first packet. */
export const PCAP_HEADER_BYTES = 24;
/** Bytes before each packet's own. */
export const PCAP_RECORD_BYTES = 16;

/** What the header of a classic capture file says. */
export interface PcapHeader {
  order: ByteOrder;
  /** Ticks in a second: 1e6 or 1e9. */
  resolution: number;
  /** Most bytes kept of a packet; 0 sets no limit. */
  snapLength: number;
  linkType: number;
}

/**
 * Reads the header of a classic capture file.
 *
 * @param bytes the file
 * @throws CaptureError where it is none, too short, or of a version other than 2.4
 * @source draft-ietf-opsawg-pcap section 4
 */
export function readPcapHeader(bytes: Uint8Array): PcapHeader {
  if (bytes.length < PCAP_HEADER_BYTES) {
    throw new CaptureError(
      0,
      `the file has ${bytes.length} bytes; a pcap header alone has ${PCAP_HEADER_BYTES}`,
    );
  }
  const order: ByteOrder = bytes[0] === 0xa1 ? "big" : "little";
  const cursor = new ByteCursor(bytes, order);
  const magic = cursor.u32();
  if (magic !== PCAP_MAGIC.micro && magic !== PCAP_MAGIC.nano) {
    throw new CaptureError(0, `its first four bytes belong to no pcap file`);
  }
  const [major, minor] = [cursor.u16(), cursor.u16()];
  if (major !== 2 || minor !== 4)
    throw new CaptureError(4, `it is pcap ${major}.${minor}; only 2.4 is known`);
  cursor.skip(8);
  const snapLength = cursor.u32();
  // The upper half of the word may hold the length of the frame check sequence.
  const linkType = cursor.u32() & 0xffff;
  return { order, resolution: magic === PCAP_MAGIC.nano ? 1e9 : 1e6, snapLength, linkType };
}

/** Collects the packets of a classic capture file and refuses what cannot be; both readers fill one. */
export class PcapCollector {
  readonly packets: CapturePacket[] = [];
  readonly #bytes: Uint8Array;
  readonly #header: PcapHeader;
  readonly #tickNs: bigint;
  #at: number = PCAP_HEADER_BYTES;

  constructor(bytes: Uint8Array, header: PcapHeader) {
    this.#bytes = bytes;
    this.#header = header;
    this.#tickNs = BigInt(1e9 / header.resolution);
  }

  /** Judges the length that the next packet's header announces. @throws CaptureError where it is impossible */
  check(captured: number): void {
    const left = this.#bytes.length - this.#at - PCAP_RECORD_BYTES;
    const fault = faultOfLength(captured, left, this.#header.snapLength);
    if (fault !== null) throw new CaptureError(this.#at, fault, this.packets);
  }

  /** Takes the next packet; `fraction` counts ticks of the file's resolution. */
  add(seconds: number, fraction: number, bytes: Uint8Array, originalLength: number): void {
    const timestampNs = BigInt(seconds) * 1_000_000_000n + BigInt(fraction) * this.#tickNs;
    this.packets.push({ timestampNs, bytes, originalLength, linkType: this.#header.linkType });
    this.#at += PCAP_RECORD_BYTES + bytes.length;
  }

  /** Ends the file. @throws CaptureError where bytes are left that make no packet */
  finish(): Capture {
    const left = this.#bytes.length - this.#at;
    if (left > 0) {
      const cause = `${left} bytes are left; a packet's header alone has ${PCAP_RECORD_BYTES}`;
      throw new CaptureError(this.#at, cause, this.packets);
    }
    const { linkType, resolution } = this.#header;
    return { format: "pcap", linkType, resolution, packets: this.packets };
  }
}

/**
 * Reads a classic capture file of either resolution and byte order.
 *
 * @param bytes the file
 * @throws CaptureError where it cannot be read to its end
 */
export function readPcap(bytes: Uint8Array): Capture {
  const header = readPcapHeader(bytes);
  const collector = new PcapCollector(bytes, header);
  const cursor = new ByteCursor(bytes, header.order, PCAP_HEADER_BYTES);
  while (cursor.remaining >= PCAP_RECORD_BYTES) {
    const [seconds, fraction, captured, original] = [cursor.u32(), cursor.u32(), cursor.u32(), cursor.u32()];
    collector.check(captured);
    collector.add(seconds, fraction, cursor.take(captured), original);
  }
  return collector.finish();
}
