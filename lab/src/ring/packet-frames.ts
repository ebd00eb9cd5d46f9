// PACKET_MMAP's transmit ring (TPACKET_V2) is a row of slots of equal size, and the first word of each slot says whose it
// is. We write a frame into a slot that is free and set SEND_REQUEST; one `send` makes the kernel walk over all of them; when
// a frame has left, the kernel sets the word back. So the cursor is ours alone, and each slot carries its own flag.

/** How a transmit ring is cut. */
export interface FrameRingSpec {
  /** Bytes of one slot, its header included: a power of two, 128 up to the block size. */
  readonly slotBytes: number;
  /** Slots, a power of two. */
  readonly slots: number;
}

/**
 * What a slot's first word says.
 * @source include/uapi/linux/if_packet.h, TP_STATUS_*, v6.18
 */
export const FRAME_STATUS = { available: 0, sendRequest: 1, sending: 2, wrongFormat: 4 } as const;

/** Words of struct tpacket2_hdr. @source include/uapi/linux/if_packet.h, v6.18 */
const LENGTH_WORD = 1;
/** The frame begins behind the header. @source Documentation/networking/packet_mmap.rst, v6.18 */
export const FRAME_DATA_BYTES = 32;
const SHORTEST_FRAME = 14;

/** The writing end of a ring of frames: `reserve`, fill in, `write`, `submit`. */
export class FrameProducer {
  /** The whole ring: a frame is written at `offsetOf(cursor)`. */
  readonly bytes: Uint8Array;
  readonly size: number;
  /** Longest frame that a slot takes, in bytes. */
  readonly longestBytes: number;
  private readonly words: Int32Array;
  private readonly mask: number;
  private readonly shift: number;
  private reserved = 0;
  private submitted = 0;

  /** @param buffer slotBytes * slots bytes: mapped memory, or model memory */
  constructor(buffer: ArrayBufferLike, { slotBytes, slots }: FrameRingSpec) {
    const isPower = (value: number): boolean =>
      Number.isInteger(value) && value > 0 && (value & (value - 1)) === 0;
    if (!isPower(slots) || !isPower(slotBytes) || slotBytes < 128) {
      throw new RangeError(
        `Cannot cut a ring into ${slots} slots of ${slotBytes} bytes: both must be powers of two, a slot of 128 bytes or more -> try { slotBytes: 2048, slots: 1024 }`,
      );
    }
    this.size = slots;
    this.mask = slots - 1;
    this.shift = Math.log2(slotBytes);
    this.longestBytes = slotBytes - FRAME_DATA_BYTES;
    this.bytes = new Uint8Array(buffer, 0, slots * slotBytes);
    this.words = new Int32Array(buffer, 0, (slots * slotBytes) / 4);
  }

  /** Slots that are reserved and not submitted yet. */
  get pending(): number {
    return (this.reserved - this.submitted) | 0;
  }

  /**
   * Reserves `count` slots, all or none.
   *
   * @param count 0 to size
   * @returns The first reserved cursor, or null while one of them is still on its way.
   * @throws RangeError where the kernel refused the frame that was in one of them
   */
  reserve(count: number): number | null {
    if (this.pending + count > this.size) return null;
    for (let i = 0; i < count; i++) {
      const status = Atomics.load(this.words, this.wordOf(this.reserved + i));
      if ((status & FRAME_STATUS.wrongFormat) !== 0) this.refused(this.reserved + i);
      if ((status & (FRAME_STATUS.sendRequest | FRAME_STATUS.sending)) !== 0) return null;
    }
    const first = this.reserved;
    this.reserved = (first + count) | 0;
    return first >>> 0;
  }

  /** Returns where the frame of a reserved cursor is written in `bytes`. */
  offsetOf(cursor: number): number {
    return ((cursor & this.mask) << this.shift) + FRAME_DATA_BYTES;
  }

  /**
   * Says how long the frame is that was written at `offsetOf(cursor)`.
   *
   * @param lengthBytes without check sequence, 14 to `longestBytes`
   * @throws RangeError where no frame is that long
   */
  write(cursor: number, lengthBytes: number): void {
    if (!(lengthBytes >= SHORTEST_FRAME && lengthBytes <= this.longestBytes)) {
      throw new RangeError(
        `Cannot send a frame of ${lengthBytes} bytes: a slot takes ${SHORTEST_FRAME} to ${this.longestBytes} -> make the slots larger, or the frame shorter`,
      );
    }
    this.words[this.wordOf(cursor) + LENGTH_WORD] = lengthBytes;
  }

  /** Hands the oldest `count` reserved slots to the kernel, which looks at them when it is called. */
  submit(count: number): void {
    const pending = this.pending;
    if (count < 0 || count > pending) {
      throw new RangeError(
        `Cannot submit ${count} frames: ${pending} are reserved and not yet submitted -> submit what reserve gave`,
      );
    }
    for (let i = 0; i < count; i++) {
      Atomics.store(this.words, this.wordOf(this.submitted + i), FRAME_STATUS.sendRequest);
    }
    this.submitted = (this.submitted + count) | 0;
  }

  private wordOf(cursor: number): number {
    return ((cursor & this.mask) << this.shift) >> 2;
  }

  private refused(cursor: number): never {
    const at = this.wordOf(cursor);
    const lengthBytes = this.words[at + LENGTH_WORD];
    Atomics.store(this.words, at, FRAME_STATUS.available);
    throw new RangeError(
      `Cannot send the frame of slot ${cursor & this.mask}: the kernel refused its ${lengthBytes} bytes as no frame of this interface; the slot is free again -> keep to the MTU`,
    );
  }
}
