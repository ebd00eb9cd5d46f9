// The ring of provided buffers is io_uring's fill ring: empty buffers from us to the kernel, which takes the oldest one when
// a packet is there, and says in the completion which it was. It differs from the other rings in two ways. Its cursor is a
// u16 and hides in the last two bytes of slot 0, so slot 0 must be written with care. And the kernel keeps its own cursor
// to itself: what it has taken we learn from completions, so this end keeps the count of what is outside.
import { SLOT_BYTES } from "./memory.js";

const HALVES = SLOT_BYTES.descriptor / 2;
const WORD = 2 ** 32;
/** The largest ring that the kernel takes. @source io_uring/kbuf.c, io_register_pbuf_ring, v6.18 */
const MOST_BUFFERS = 32_768;

/**
 * Where a slot's fields lie: words for the u64 and u32, halves for the u16.
 * @source include/uapi/linux/io_uring.h, struct io_uring_buf and struct io_uring_buf_ring, v6.18
 */
const SLOT = { addr: 0, lengthWord: 2, idHalf: 6 } as const;
const TAIL_HALF = 7;

/** Equal buffers in one stretch of memory. */
export interface BufferSpec {
  /** Buffers, and slots of their ring: a power of two, 1 to 32768. */
  readonly count: number;
  /** Bytes of one buffer, 1 or more; what is longer than that is cut off. */
  readonly bufferBytes: number;
}

/** The writing end of a ring of provided buffers. Each buffer is with us, in the ring, or named by a completion. */
export class BufferProducer {
  readonly size: number;
  readonly bufferBytes: number;
  /** All buffers: the one numbered `id` begins at `offsetOf(id)`. */
  readonly bytes: Uint8Array;
  /** The ring itself, for a loop in C. */
  readonly ring: Uint8Array;
  private readonly words: Uint32Array;
  private readonly halves: Uint16Array;
  private readonly mask: number;
  private readonly address: number;
  // Kept as int32, like the cursors of every other ring; the kernel sees their low 16 bits.
  private reserved = 0;
  private submitted = 0;
  private taken = 0;

  /**
   * @param ring the ring's own memory, zeroed: 16 bytes a slot
   * @param buffers the memory of the buffers
   * @param address where that memory lies in this process
   */
  constructor(ring: ArrayBufferLike, buffers: ArrayBufferLike, address: number, spec: BufferSpec) {
    const { count, bufferBytes } = spec;
    if (!(count >= 1 && count <= MOST_BUFFERS && (count & (count - 1)) === 0 && bufferBytes >= 1)) {
      throw new RangeError(
        `Cannot provide ${count} buffers of ${bufferBytes} bytes: their number must be a power of two up to ${MOST_BUFFERS} -> try { count: 1024, bufferBytes: 2048 }`,
      );
    }
    this.size = count;
    this.mask = count - 1;
    this.bufferBytes = bufferBytes;
    this.address = address;
    this.bytes = new Uint8Array(buffers, 0, count * bufferBytes);
    this.ring = new Uint8Array(ring, 0, count * SLOT_BYTES.descriptor);
    this.words = new Uint32Array(ring, 0, (count * SLOT_BYTES.descriptor) / 4);
    this.halves = new Uint16Array(ring, 0, count * HALVES);
  }

  /** Buffers that the kernel holds and has not used yet. */
  get waiting(): number {
    return (this.submitted - this.taken) | 0;
  }

  /** Returns where a buffer begins in `bytes`. */
  offsetOf(id: number): number {
    return id * this.bufferBytes;
  }

  /**
   * Reserves `count` slots, all or none.
   *
   * @returns The first reserved cursor; null when fewer are free, which only happens when a buffer is given back twice.
   */
  reserve(count: number): number | null {
    if (((this.reserved - this.taken) | 0) + count > this.size) return null;
    const first = this.reserved;
    this.reserved = (first + count) | 0;
    return first;
  }

  /** Writes an empty buffer into the slot of a reserved cursor. @param id 0 to size - 1 */
  write(cursor: number, id: number): void {
    const slot = cursor & this.mask;
    const addr = this.address + id * this.bufferBytes;
    const at = slot << 2;
    this.words[at + SLOT.addr] = addr;
    this.words[at + SLOT.addr + 1] = Math.floor(addr / WORD);
    this.words[at + SLOT.lengthWord] = this.bufferBytes;
    this.halves[slot * HALVES + SLOT.idHalf] = id;
  }

  /** Hands the oldest `count` reserved slots to the kernel. */
  submit(count: number): void {
    const pending = (this.reserved - this.submitted) | 0;
    if (count < 0 || count > pending) {
      throw new RangeError(
        `Cannot submit ${count} buffers: ${pending} are reserved and not yet submitted -> submit what reserve gave`,
      );
    }
    this.submitted = (this.submitted + count) | 0;
    Atomics.store(this.halves, TAIL_HALF, this.submitted & 0xffff);
  }

  /** Notes that completions have named `count` buffers: they are ours again. */
  take(count: number): void {
    this.taken = (this.taken + count) | 0;
  }

  /** Gives every buffer to the kernel, once, at the start. */
  fill(): void {
    const first = this.reserve(this.size);
    if (first === null) return;
    for (let id = 0; id < this.size; id++) this.write(first + id, id);
    this.submit(this.size);
  }
}
