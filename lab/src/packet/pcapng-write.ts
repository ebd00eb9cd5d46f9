// Writes one section of a pcapng file: header, one interface, its packets.
// Sections may be put one behind the other; together they are a file again.

import { ByteCursor, type ByteOrder } from "../base/index.js";
import { type CaptureFormat, checkPacket, completeFormat, type PacketToWrite } from "./pcap-write.js";
import { PCAPNG_BLOCK, PCAPNG_BLOCK_BYTES, PCAPNG_OPTION, PCAPNG_ORDER_MAGIC } from "./pcapng.js";

/**
 * Writes a pcapng file of one section and one interface.
 *
 * @param packets in the order in which they are to stand
 * @param format byte order, resolution, link type, snapshot length
 * @returns the file
 * @throws RangeError where a packet is longer than the snapshot length or its time does not fit
 * @source draft-ietf-opsawg-pcapng sections 4.1, 4.2 and 4.3
 */
export function writePcapng(packets: readonly PacketToWrite[], format: CaptureFormat = {}): Uint8Array {
  const complete = completeFormat(format);
  const { order, snapLength } = complete;
  const blocks = [sectionBlock(order), interfaceBlock(complete)];
  for (const [index, packet] of packets.entries()) {
    checkPacket(packet, index, snapLength);
    blocks.push(packetBlock(packet, complete));
  }
  const file = new ByteCursor(new Uint8Array(blocks.reduce((sum, block) => sum + block.length, 0)));
  for (const block of blocks) file.put(block);
  return file.bytes;
}

/**
 * Frames a body as a pcapng block: type and length before, padding and length behind.
 *
 * @param type number of the block's type
 * @param bodyBytes bytes of the body without padding
 * @param order byte order of the section
 * @param write fills the body
 */
export function pcapngBlock(
  type: number,
  bodyBytes: number,
  order: ByteOrder,
  write: (body: ByteCursor) => void,
): Uint8Array {
  const length = PCAPNG_BLOCK_BYTES + Math.ceil(bodyBytes / 4) * 4;
  const cursor = new ByteCursor(new Uint8Array(length), order);
  cursor.putU32(type);
  cursor.putU32(length);
  write(cursor);
  cursor.position = length - 4;
  cursor.putU32(length);
  return cursor.bytes;
}

function sectionBlock(order: ByteOrder): Uint8Array {
  return pcapngBlock(PCAPNG_BLOCK.section, 16, order, (body) => {
    body.putU32(PCAPNG_ORDER_MAGIC);
    body.putU16(1);
    body.putU16(0);
    // A length of -1 says that the section goes on to the next one.
    body.putU32(0xffffffff);
    body.putU32(0xffffffff);
  });
}

function interfaceBlock({ resolution, order, linkType, snapLength }: Required<CaptureFormat>): Uint8Array {
  return pcapngBlock(PCAPNG_BLOCK.interface, 20, order, (body) => {
    body.putU16(linkType);
    body.putU16(0);
    body.putU32(snapLength);
    body.putU16(PCAPNG_OPTION.tsResolution);
    body.putU16(1);
    body.put(Uint8Array.of(Math.log10(resolution), 0, 0, 0));
    body.putU16(PCAPNG_OPTION.end);
    body.putU16(0);
  });
}

function packetBlock(packet: PacketToWrite, { resolution, order }: Required<CaptureFormat>): Uint8Array {
  const { bytes } = packet;
  const ticks = packet.timestampNs / BigInt(1e9 / resolution);
  return pcapngBlock(PCAPNG_BLOCK.enhancedPacket, 20 + bytes.length, order, (body) => {
    body.putU32(0);
    body.putU32(Number(ticks >> 32n));
    body.putU32(Number(ticks & 0xffff_ffffn));
    body.putU32(bytes.length);
    body.putU32(packet.originalLength ?? bytes.length);
    body.put(bytes);
  });
}
