// One block of a PACKET_MMAP ring as a value: read into a list of packets, or written as the kernel writes it. Both are for
// looking and for trying; a live ring is read by `BlockConsumer`, which makes no object a packet.
import {
  BLOCK_HEADER_BYTES,
  BLOCK_STATUS,
  BlockConsumer,
  type BlockSpec,
  PACKET_HEADER_BYTES,
} from "./packet-blocks.js";

/** One packet of a block. */
export interface BlockPacket {
  /** Where its Ethernet header begins, from the start of the block. */
  readonly at: number;
  /** Bytes that were captured. */
  readonly lengthBytes: number;
  /** Bytes that it had on the wire. */
  readonly wireBytes: number;
}

/**
 * Lists the packets of one block.
 *
 * @param block the whole block, from its header on
 * @returns Nothing where the block is the kernel's.
 * @throws RangeError where the block lies
 */
export function readBlock(block: Uint8Array): BlockPacket[] {
  const consumer = new BlockConsumer(block.slice().buffer, { blockBytes: block.length, blocks: 1 });
  return Array.from({ length: consumer.peek() }, () => {
    const at = consumer.read();
    return { at, lengthBytes: consumer.lengthBytes, wireBytes: consumer.wireBytes };
  });
}

/** A block at one moment, for a picture. */
export interface BlockSnapshot {
  readonly block: number;
  readonly owner: "kernel" | "us";
  /** Packets in it, and bytes in use; of a block of the kernel's, what is in it so far or was left in it. */
  readonly packets: number;
  readonly usedBytes: number;
  /** Why the kernel gave it away; empty while it has not. */
  readonly because: "" | "it was full" | "its time was over";
}

/** Looks at every block of a ring, without taking any. @param bytes the whole ring */
export function snapshotBlocks(bytes: Uint8Array, { blockBytes, blocks }: BlockSpec): BlockSnapshot[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: blocks }, (_, block) => {
    const word = (at: number): number => view.getUint32(block * blockBytes + at, true);
    const status = word(8);
    const isOurs = (status & BLOCK_STATUS.user) !== 0;
    const isOver = (status & BLOCK_STATUS.timeout) !== 0;
    const because = isOurs ? (isOver ? "its time was over" : "it was full") : "";
    return { block, owner: isOurs ? "us" : "kernel", packets: word(12), usedBytes: word(20), because };
  });
}

/** A packet to put into a block. */
export interface WrittenPacket {
  readonly bytes: Uint8Array;
  /** More than there are bytes, where the capture was cut off; as many unless given. */
  readonly wireBytes?: number;
}

/** How a block differs from the usual one. */
export interface BlockToWrite {
  readonly packets: readonly WrittenPacket[];
  readonly status?: number;
  /** Bytes between a packet's header and its Ethernet header: Linux 6.18 leaves 34 beyond the header. */
  readonly gapBytes?: number;
}

const VERSION = 2;
const GAP_BYTES = 34;

/**
 * Writes a block as Linux does.
 *
 * @param blockBytes its size
 * @throws RangeError where the packets do not fit
 * @source net/packet/af_packet.c, prb_fill_curr_block and tpacket_rcv, v6.18
 */
export function writeBlock(blockBytes: number, spec: BlockToWrite): Uint8Array {
  const { packets, status = BLOCK_STATUS.user, gapBytes = GAP_BYTES } = spec;
  const block = new Uint8Array(blockBytes);
  const view = new DataView(block.buffer);
  let at = BLOCK_HEADER_BYTES;
  for (const { bytes, wireBytes = bytes.length } of packets) {
    const mac = PACKET_HEADER_BYTES + gapBytes;
    const step = (mac + bytes.length + 7) & -8;
    if (at + step > blockBytes) {
      throw new RangeError(
        `Cannot write ${packets.length} packets into ${blockBytes} bytes: they do not fit -> take a larger block`,
      );
    }
    putWords(view, at, [step, 0, 0, bytes.length, wireBytes]);
    view.setUint16(at + 24, mac, true);
    block.set(bytes, at + mac);
    at += step;
  }
  putWords(view, 0, [VERSION, BLOCK_HEADER_BYTES, status, packets.length, BLOCK_HEADER_BYTES, at]);
  return block;
}

function putWords(view: DataView, at: number, words: readonly number[]): void {
  words.forEach((word, i) => {
    view.setUint32(at + 4 * i, word, true);
  });
}
