// Bytes in their order between the application and the packets: memory that goes round. TCP's send buffer gives
// any part of itself again, for what was sent may have to be sent once more; its receive buffer takes parts
// ahead of their turn, right where they belong, so that nothing is moved when the gap before them fills.
import type { Arena } from "./arena.js";
import { copyBytes } from "./copy.js";

/** Bytes of memory to begin with. Most connections never need more, and to clear 256 KiB twice was most of what a short one cost. */
const FIRST_BYTES = 4096;

/** A ring of bytes; its memory is found when the first byte comes, and doubles with what is in it. */
export class ByteRing {
  readonly capacity: number;
  private readonly arena: Arena | null;
  private memory: Uint8Array | null = null;
  /** Where in `memory` the ring lies, and how large it is now. */
  private base = 0;
  private size = 0;
  private head = 0;
  private count = 0;

  /**
   * @param capacity bytes, a power of two
   * @param arena where its memory is taken from, while there is some; left out, or full: memory of its own
   */
  constructor(capacity: number, arena: Arena | null = null) {
    if (!((capacity | 0) === capacity && capacity >= 2 && (capacity & (capacity - 1)) === 0)) {
      throw new RangeError(
        `Cannot make a buffer of ${capacity} bytes: places in it are masks -> try a power of two, e.g. 262144`,
      );
    }
    this.capacity = capacity;
    this.arena = arena;
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
    const at = (this.head + this.count + offset) & (this.size - 1);
    const first = Math.min(length, this.size - at);
    copyBytes(from, start, first, memory, this.base + at);
    if (first < length) copyBytes(from, start + first, length - first, memory, this.base);
  }

  /** Declares the next bytes ready that were `put` before. */
  advance(bytes: number): void {
    this.count += bytes;
  }

  /** Copies bytes out and leaves them. @param offset from the oldest byte; offset + length is at most `length` */
  copyOut(offset: number, length: number, into: Uint8Array, at: number): void {
    const { memory, base } = this;
    if (memory === null) return;
    const from = (this.head + offset) & (this.size - 1);
    const first = Math.min(length, this.size - from);
    copyBytes(memory, base + from, first, into, at);
    if (first < length) copyBytes(memory, base, length - first, into, at + first);
  }

  /** Forgets the oldest bytes. */
  release(bytes: number): void {
    this.head = (this.head + bytes) & (this.capacity - 1);
    this.count -= bytes;
  }

  /** Forgets everything and gives the memory back. */
  clear(): void {
    if (this.memory !== null && this.memory === this.arena?.bytes) this.arena.give(this.base, this.size);
    this.memory = null;
    this.size = 0;
    this.head = 0;
    this.count = 0;
  }

  /** Gives the arena's memory back and keeps what is in it elsewhere: nobody may ever read it. */
  leaveArena(): void {
    if (this.memory === null || this.memory !== this.arena?.bytes) return;
    const { count, size } = this;
    const own = count === 0 ? null : new Uint8Array(size);
    if (own !== null) this.copyOut(0, count, own, 0);
    this.clear();
    if (own === null) return;
    this.memory = own;
    this.base = 0;
    this.size = size;
    this.count = count;
  }

  /** @param bytes counted from the oldest, at most `capacity` */
  private memoryFor(bytes: number): Uint8Array {
    return this.memory !== null && bytes <= this.size ? this.memory : this.grow(bytes);
  }

  private grow(bytes: number): Uint8Array {
    let size = this.size || Math.min(FIRST_BYTES, this.capacity);
    while (size < bytes) size *= 2;
    const place = this.arena?.take(size) ?? -1;
    const memory = place < 0 ? new Uint8Array(size) : this.arena!.bytes;
    const base = Math.max(place, 0);
    const { count } = this;
    // All of it, for what was put ahead of its turn lies behind what is counted.
    this.copyOut(0, this.size, memory, base);
    this.clear();
    this.memory = memory;
    this.base = base;
    this.size = size;
    this.count = count;
    return memory;
  }
}
