// PACKET_MMAP's receive ring (TPACKET_V3) has no cursors. It is a row of large blocks, and the first words of each block say
// whose it is: the kernel fills one with packet behind packet, and when it is full, or its time is over, gives it away by
// setting a single bit. We read all of its packets and clear that bit. One hand-over for hundreds of packets.
//
//   block   byte 0   version
//           byte 8   status             the bit USER: ours
//           byte 12  packets
//           byte 16  offset of the first packet's header
//           byte 20  bytes in use, the block's own header included
//   packet  byte 0   offset of the next one's header, from this one's
//           byte 12  bytes captured      byte 16  bytes on the wire
//           byte 20  status of the packet: whether its checksum is there
//           byte 24  offset of the Ethernet header, from this header
//
// Everything that a block says is checked before it is believed: this code also reads what a learner or a file hands in.

/** How a receive ring is cut. */
export interface BlockSpec {
  /** Bytes of one block: a multiple of the page size. */
  readonly blockBytes: number;
  readonly blocks: number;
}

/**
 * Bits of a block's status.
 * @source include/uapi/linux/if_packet.h, TP_STATUS_*, v6.18
 */
export const BLOCK_STATUS = {
  kernel: 0,
  user: 1,
  /** Packets were dropped since the counters were last read. */
  losing: 4,
  /** The block's time was over before it was full. */
  timeout: 32,
} as const;

/**
 * Where the fields lie, in 32-bit words from the start of the header.
 * @source include/uapi/linux/if_packet.h, struct tpacket_block_desc and struct tpacket3_hdr, v6.18
 */
const BLOCK = { version: 0, status: 2, packets: 3, first: 4, used: 5 } as const;
const PACKET = { next: 0, seconds: 1, nanoseconds: 2, captured: 3, wire: 4, status: 5, mac: 6 } as const;
/** Bit of a packet's status: its checksum was left to hardware that it never came to. @source include/uapi/linux/if_packet.h, v6.18 */
const TP_STATUS_CSUMNOTREADY = 8;
export const BLOCK_HEADER_BYTES = 48;
export const PACKET_HEADER_BYTES = 48;
const ALIGNMENT = 8;
/** TPACKET_V3, as a block names it. */
const VERSION = 2;

/** The reading end of a ring of blocks. `peek`, then `read` that often, then `release`. */
export class BlockConsumer {
  /** The whole ring: packets are read at the offsets that `read` returns. */
  readonly bytes: Uint8Array;
  readonly spec: BlockSpec;
  /** Captured bytes of the packet that was read last. */
  lengthBytes = 0;
  /** Its bytes on the wire: more than `lengthBytes` where it was cut off. */
  wireBytes = 0;
  /** Its arrival, by the wall clock. */
  seconds = 0;
  nanoseconds = 0;
  private readonly words: Int32Array;
  private packetAt = 0;
  private block = 0;
  private isOurs = false;
  private left = 0;
  private next = 0;
  private end = 0;

  /** @param buffer blockBytes * blocks bytes: mapped memory, or a copy of it */
  constructor(buffer: ArrayBufferLike, spec: BlockSpec) {
    const { blockBytes, blocks } = spec;
    if (!(blockBytes >= BLOCK_HEADER_BYTES && blockBytes % ALIGNMENT === 0 && blocks >= 1)) {
      throw new RangeError(
        `Cannot read ${blocks} blocks of ${blockBytes} bytes: a block has ${BLOCK_HEADER_BYTES} bytes or more, in steps of ${ALIGNMENT} -> try { blockBytes: 262144, blocks: 16 }`,
      );
    }
    this.spec = spec;
    this.bytes = new Uint8Array(buffer, 0, blockBytes * blocks);
    this.words = new Int32Array(buffer, 0, (blockBytes * blocks) / 4);
  }

  /** The number of the block that is read now, or waited for. */
  get current(): number {
    return this.block;
  }

  /** Whether the packet that was read last carries its checksum: a sender on this machine may have left it out. */
  get hasChecksum(): boolean {
    return ((this.words[this.packetAt + PACKET.status] ?? 0) & TP_STATUS_CSUMNOTREADY) === 0;
  }

  /**
   * Returns how many packets of the current block are still to be read; 0 while the block is the kernel's. It moves nothing.
   *
   * @throws RangeError where the block is ours and what it says cannot be
   */
  peek(max: number = Number.MAX_SAFE_INTEGER): number {
    if (!this.isOurs && !this.open()) return 0;
    return this.left < max ? this.left : max;
  }

  /**
   * Moves to the next packet, whose length and arrival the fields above then tell.
   *
   * @returns Where its Ethernet header begins in `bytes`.
   * @throws RangeError where the packet does not lie inside its block, or none is left
   */
  read(): number {
    if (this.left === 0) throw new RangeError(this.says("no packet is left to read", "peek first"));
    const { words } = this;
    const header = this.next;
    if (header % ALIGNMENT !== 0 || header + PACKET_HEADER_BYTES > this.end)
      this.refusePacket("its header lies", header);
    const at = header >> 2;
    const captured = words[at + PACKET.captured]! >>> 0;
    const mac = words[at + PACKET.mac]! & 0xffff;
    const step = words[at + PACKET.next]! >>> 0;
    const data = header + mac;
    if (mac < PACKET_HEADER_BYTES || data + captured > this.end)
      this.refusePacket(`its ${captured} bytes lie`, data);
    if (--this.left > 0 && step < mac + captured) this.refusePacket("the next header lies", header + step);
    this.next = header + step;
    this.packetAt = at;
    this.lengthBytes = captured;
    this.wireBytes = words[at + PACKET.wire]! >>> 0;
    this.seconds = words[at + PACKET.seconds]! >>> 0;
    this.nanoseconds = words[at + PACKET.nanoseconds]! >>> 0;
    return data;
  }

  /** Gives the current block back to the kernel, with whatever was not read of it, and goes on to the next. */
  release(): void {
    if (!this.isOurs) return;
    const at = (this.block * this.spec.blockBytes) >> 2;
    this.isOurs = false;
    this.left = 0;
    Atomics.store(this.words, at + BLOCK.status, BLOCK_STATUS.kernel);
    this.block = this.block + 1 === this.spec.blocks ? 0 : this.block + 1;
  }

  /** Takes the current block over, if it is ours. */
  private open(): boolean {
    const start = this.block * this.spec.blockBytes;
    const at = start >> 2;
    const { words } = this;
    if ((Atomics.load(words, at + BLOCK.status) & BLOCK_STATUS.user) === 0) return false;
    this.isOurs = true;
    const version = words[at + BLOCK.version]! >>> 0;
    if (version !== VERSION) {
      throw new RangeError(this.says(`its layout is version ${version}, and ${VERSION} is read here`, LIES));
    }
    const packets = words[at + BLOCK.packets]! >>> 0;
    const first = words[at + BLOCK.first]! >>> 0;
    const used = words[at + BLOCK.used]! >>> 0;
    if (used > this.spec.blockBytes) {
      throw new RangeError(
        this.says(`it says that ${used} of its ${this.spec.blockBytes} bytes are in use`, LIES),
      );
    }
    if (packets > 0 && (first < BLOCK_HEADER_BYTES || packets * PACKET_HEADER_BYTES > used - first)) {
      throw new RangeError(
        this.says(
          `it says that ${packets} packets lie in bytes ${first} to ${used}, which cannot hold them`,
          LIES,
        ),
      );
    }
    this.left = packets;
    this.next = start + first;
    this.end = start + used;
    return true;
  }

  private refusePacket(what: string, at: number): never {
    const start = this.block * this.spec.blockBytes;
    const [from, to] = [at - start, this.end - start];
    const left = this.left;
    this.left = 0;
    throw new RangeError(
      this.says(
        `${what} at byte ${from}, and its data end at byte ${to}; ${left} packets were not read`,
        LIES,
      ),
    );
  }

  private says(cause: string, next: string): string {
    return `Cannot read block ${this.block}: ${cause} -> ${next}`;
  }
}

const LIES =
  "release it and go on; if the kernel wrote it, check that the ring was mapped whole, as TPACKET_V3";
