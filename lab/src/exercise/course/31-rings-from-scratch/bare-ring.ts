// The smallest ring there is: two cursors and a row of numbers, in memory that two sides share. What a learner writes over
// it is tried as it would be used: one copy of it only produces, another only consumes, and the memory is all they share.

/** A ring's memory. */
export interface BareRing {
  /** Slots, a power of two. */
  readonly size: number;
  /** One word: how many entries were ever submitted, modulo 2^32. Only the producer writes it. */
  readonly producer: Int32Array;
  /** One word: how many were ever released, modulo 2^32. Only the consumer writes it. */
  readonly consumer: Int32Array;
  /** One number a slot. */
  readonly slots: Uint32Array;
}

/** Both ends of a ring. Whoever makes one uses the three calls of his side alone. */
export interface HandmadeRing {
  /** Producer: the cursor of the first of `count` free slots, or null where fewer are free. */
  reserve(count: number): number | null;
  /** Producer: puts a number into the slot of a reserved cursor. */
  write(cursor: number, value: number): void;
  /** Producer: shows the oldest `count` reserved entries to the other side. */
  submit(count: number): void;
  /** Consumer: how many entries wait. */
  peek(): number;
  /** Consumer: the number at a cursor, from `consumer` on. */
  read(cursor: number): number;
  /** Consumer: gives the oldest `count` slots back. */
  release(count: number): void;
}

/** Makes one side of a ring on its memory. */
export type RingMaker = (memory: BareRing) => HandmadeRing;

/** @param start where both cursors begin, 0 to 2^32 - 1 */
export function allocateBareRing(size: number, start = 0): BareRing {
  const buffer = new SharedArrayBuffer(8 + 4 * size);
  const producer = new Int32Array(buffer, 0, 1);
  const consumer = new Int32Array(buffer, 4, 1);
  producer[0] = consumer[0] = start;
  return { size, producer, consumer, slots: new Uint32Array(buffer, 8, size) };
}

/** A cursor word as the number it stands for, 0 to 2^32 - 1. */
export function cursorIn(word: Int32Array): number {
  return Atomics.load(word, 0) >>> 0;
}
