// Writes the classic capture file, which every tool reads.

import { ByteCursor, type ByteOrder } from "../base/index.js";
import { LINK_TYPE_ETHERNET } from "./capture.js";
import { PCAP_HEADER_BYTES, PCAP_MAGIC, PCAP_RECORD_BYTES } from "./pcap.js";

/** A packet to write to a capture file. */
export interface PacketToWrite {
  /** Nanoseconds since 1970-01-01 UTC. */
  timestampNs: bigint;
  /** What was captured. */
  bytes: Uint8Array;
  /** Bytes the packet had on the wire; `bytes.length` unless given. */
  originalLength?: number;
}

/** How to write a capture file. */
export interface CaptureFormat {
  /** Ticks in a second: 1e6 (unless given) or 1e9. Time below a tick is cut off. */
  resolution?: 1e6 | 1e9;
  /** "little" unless given. */
  order?: ByteOrder;
  /** Ethernet unless given. */
  linkType?: number;
  /** Most bytes kept of a packet; 262144, tcpdump's own, unless given. */
  snapLength?: number;
}

/** What a format says once everything left out is filled in. */
export function completeFormat(format: CaptureFormat): Required<CaptureFormat> {
  return { resolution: 1e6, order: "little", linkType: LINK_TYPE_ETHERNET, snapLength: 262144, ...format };
}

/** Makes sure that a file of this format can hold a packet. @throws RangeError where it cannot */
export function checkPacket(packet: PacketToWrite, index: number, snapLength: number): void {
  const { bytes, timestampNs } = packet;
  if (bytes.length > snapLength) {
    throw new RangeError(
      `Cannot write packet ${index} of ${bytes.length} bytes: the file keeps at most ${snapLength} of one -> raise snapLength`,
    );
  }
  if (timestampNs < 0n || timestampNs / 1_000_000_000n > 0xffff_ffffn) {
    throw new RangeError(
      `Cannot write packet ${index} at ${timestampNs} ns: seconds since 1970 fill 32 bits -> try a time from 1970 to 2106`,
    );
  }
}

/**
 * Writes a classic capture file.
 *
 * @param packets in the order in which they are to stand
 * @param format byte order, resolution, link type, snapshot length
 * @returns the file
 * @throws RangeError where a packet is longer than the snapshot length or its time does not fit
 * @source draft-ietf-opsawg-pcap sections 4 and 5
 */
export function writePcap(packets: readonly PacketToWrite[], format: CaptureFormat = {}): Uint8Array {
  const { resolution, order, linkType, snapLength } = completeFormat(format);
  const length = packets.reduce(
    (sum, packet) => sum + PCAP_RECORD_BYTES + packet.bytes.length,
    PCAP_HEADER_BYTES,
  );
  const cursor = new ByteCursor(new Uint8Array(length), order);
  cursor.putU32(resolution === 1e9 ? PCAP_MAGIC.nano : PCAP_MAGIC.micro);
  cursor.putU16(2);
  cursor.putU16(4);
  cursor.skip(8);
  cursor.putU32(snapLength);
  cursor.putU32(linkType);
  const tickNs = BigInt(1e9 / resolution);
  for (const [index, packet] of packets.entries()) {
    checkPacket(packet, index, snapLength);
    cursor.putU32(Number(packet.timestampNs / 1_000_000_000n));
    cursor.putU32(Number((packet.timestampNs % 1_000_000_000n) / tickNs));
    cursor.putU32(packet.bytes.length);
    cursor.putU32(packet.originalLength ?? packet.bytes.length);
    cursor.put(packet.bytes);
  }
  return cursor.bytes;
}
