// Bytes of a stream between the application and the segments: memory that goes round. The send buffer gives
// any part of itself again, for what was sent may have to be sent once more; the receive buffer takes parts
// ahead of their turn, right where they belong, so that nothing is moved when the gap before them fills.
import { copyBytes } from "../wire.js";

/** Bytes of memory to begin with. Most connections never need more, and to clear 256 KiB twice was most of what a short one cost. */
const FIRST_BYTES = 4096;

/** A ring of bytes; its memory is made when the first byte comes, and doubles with what is in it. */
export class ByteRing {
  readonly capacity: number;
  private memory: Uint8Array | null = null;
  private head = 0;
  private count = 0;

  /** @param capacity bytes, a power of two */
  constructor(capacity: number) {
    if (!(Number.isInteger(Math.log2(capacity)) && capacity >= 2)) {
      throw new RangeError(
        `Cannot make a buffer of ${capacity} bytes: places in it are masks -> try a power of two, e.g. 262144`,
      );
    }
    this.capacity = capacity;
  }

  /** Bytes in it, in order and ready. */
  get length(): number {
    return this.count;
  }

  /** Bytes that it has room for behind those. */
  get free(): number {
    return this.capacity - this.count;
  }

  /** Appends bytes, as many as fit. @returns How many. */
  write(from: Uint8Array, start: number, end: number): number {
    const length = Math.min(end - start, this.free);
    if (length > 0) this.put(0, from, start, length);
    this.count += Math.max(length, 0);
    return Math.max(length, 0);
  }

  /** Writes bytes ahead of their turn. @param offset how far behind the last ready byte; offset + length is at most `free` */
  put(offset: number, from: Uint8Array, start: number, length: number): void {
    const memory = this.memoryFor(this.count + offset + length);
    const at = (this.head + this.count + offset) & (memory.length - 1);
    const first = Math.min(length, memory.length - at);
    copyBytes(from, start, first, memory, at);
    if (first < length) copyBytes(from, start + first, length - first, memory, 0);
  }

  /** Declares the next bytes ready that were `put` before. */
  advance(bytes: number): void {
    this.count += bytes;
  }

  /** Copies bytes out and leaves them. @param offset from the oldest byte; offset + length is at most `length` */
  copyOut(offset: number, length: number, into: Uint8Array, at: number): void {
    const { memory } = this;
    if (memory === null) return;
    const from = (this.head + offset) & (memory.length - 1);
    const first = Math.min(length, memory.length - from);
    copyBytes(memory, from, first, into, at);
    if (first < length) copyBytes(memory, 0, length - first, into, at + first);
  }

  /** Forgets the oldest bytes. */
  release(bytes: number): void {
    this.head = (this.head + bytes) & (this.capacity - 1);
    this.count -= bytes;
  }

  /** @param bytes counted from the oldest, at most `capacity` */
  private memoryFor(bytes: number): Uint8Array {
    if (this.memory !== null && bytes <= this.memory.length) return this.memory;
    let size = this.memory?.length ?? Math.min(FIRST_BYTES, this.capacity);
    while (size < bytes) size *= 2;
    const grown = new Uint8Array(size);
    // All of it, for what was put ahead of its turn lies behind what is counted.
    if (this.memory !== null) this.copyOut(0, this.memory.length, grown, 0);
    this.memory = grown;
    this.head = 0;
    return grown;
  }

  /** Forgets everything and gives the memory back. */
  clear(): void {
    this.memory = null;
    this.head = 0;
    this.count = 0;
  }
}
