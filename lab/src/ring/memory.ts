// A ring is one stretch of memory that two sides share: two cursors, a flags word and an array of
// slots. The kernel maps exactly this for AF_XDP; on model memory we lay out the same bytes ourselves,
// so the code above this file cannot tell which of the two it works on.
//
//   byte 0     producer cursor   u32, counts for ever, written by the producer only
//   byte 128   consumer cursor   u32, counts for ever, written by the consumer only
//   byte 196   flags             u32, bit 0: the kernel asks to be woken
//   byte 320   slots             8 bytes each (addr) or 16 bytes each (addr, length, options)
//
// The two cursors are two cache lines apart: otherwise each side's writes would steal the other's line.

/** Byte offsets of a ring's parts within its mapping, as `XDP_MMAP_OFFSETS` reports them. */
export interface RingOffsets {
  producer: number;
  consumer: number;
  flags: number;
  descriptors: number;
}

/** Bytes of one slot: an address or a whole descriptor (AF_XDP), a request or what became of it (io_uring). */
export const SLOT_BYTES: {
  readonly addr: 8;
  readonly descriptor: 16;
  readonly submission: 64;
  readonly completion: 16;
} = { addr: 8, descriptor: 16, submission: 64, completion: 16 };

/**
 * What a slot holds: `addr` on AF_XDP's fill and completion rings, `descriptor` on its rx and tx rings; `submission` and
 * `completion` on the two rings of an io_uring.
 */
export type SlotKind = keyof typeof SLOT_BYTES;

/** The four views through which a ring is used. They may lie over any ArrayBuffer, mapped or our own. */
export interface RingMemory {
  /** Slots, a power of two. */
  size: number;
  kind: SlotKind;
  producer: Int32Array;
  consumer: Int32Array;
  flags: Int32Array;
  /** The slots as 32-bit words: a quarter of `SLOT_BYTES[kind]` a slot. */
  words: Uint32Array;
}

/**
 * Where Linux puts the parts on a machine with 64-byte cache lines; model memory uses the same.
 * @source net/xdp/xsk_queue.h, struct xdp_ring, v6.18; read back here by getsockopt(XDP_MMAP_OFFSETS)
 */
export const MODEL_OFFSETS: RingOffsets = { producer: 0, consumer: 128, flags: 196, descriptors: 320 };

/** Set in a ring's flags word while the kernel sleeps and must be woken by a system call. */
export const NEED_WAKEUP_FLAG = 1;

/**
 * Bytes that a ring takes, which is also the length to map for it.
 *
 * @param size slots, a power of two
 */
export function ringBytes(size: number, kind: SlotKind, offsets: RingOffsets = MODEL_OFFSETS): number {
  return offsets.descriptors + size * SLOT_BYTES[kind];
}

/**
 * Lays a ring's views over memory that already exists, e.g. a mapped AF_XDP ring.
 *
 * @param size slots, a power of two from 1 to 2^30
 * @throws RangeError where the size is not a power of two or the buffer is too short
 */
export function viewRing(
  buffer: ArrayBufferLike,
  size: number,
  kind: SlotKind,
  offsets: RingOffsets = MODEL_OFFSETS,
): RingMemory {
  checkRingSize(size);
  const needed = ringBytes(size, kind, offsets);
  if (buffer.byteLength < needed) {
    throw new RangeError(
      `Cannot view ring of ${size} ${kind} slots: it takes ${needed} bytes and the buffer has ${buffer.byteLength} -> map at least ringBytes(${size}, "${kind}", offsets)`,
    );
  }
  return {
    size,
    kind,
    producer: new Int32Array(buffer, offsets.producer, 1),
    consumer: new Int32Array(buffer, offsets.consumer, 1),
    flags: new Int32Array(buffer, offsets.flags, 1),
    words: new Uint32Array(buffer, offsets.descriptors, (size * SLOT_BYTES[kind]) / 4),
  };
}

/**
 * Allocates a ring on model memory that workers can share.
 *
 * @param size slots, a power of two
 * @param startCursor where both cursors begin, 0 to 2^32 - 1: begin near the end to watch them wrap
 */
export function allocateRing(size: number, kind: SlotKind, startCursor = 0): RingMemory {
  checkRingSize(size);
  const memory = viewRing(new SharedArrayBuffer(ringBytes(size, kind)), size, kind);
  memory.producer[0] = startCursor;
  memory.consumer[0] = startCursor;
  return memory;
}

function checkRingSize(size: number): void {
  if (!Number.isInteger(size) || size < 1 || size > 2 ** 30 || (size & (size - 1)) !== 0) {
    throw new RangeError(
      `Cannot make ring of ${size} slots: the size must be a power of two, because slot = cursor & (size - 1) -> try ${nearestPowerOfTwo(size)}`,
    );
  }
}

function nearestPowerOfTwo(size: number): number {
  return size >= 1 && size <= 2 ** 30 ? 2 ** Math.round(Math.log2(size)) : 64;
}
