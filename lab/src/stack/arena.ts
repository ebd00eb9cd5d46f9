// Memory of the link's, in which the stack keeps its buffers. Bytes move between a buffer and a frame in every packet,
// and JavaScript moves bytes without making an object only where both lie in one piece of memory (`copyWithin`).

/** Pieces of memory, each a power of two in bytes. What is given back serves the next piece of its size. */
export class Arena {
  readonly bytes: Uint8Array;
  private readonly end: number;
  /** By the size's logarithm: places of pieces that are free. */
  private readonly free: number[][] = Array.from({ length: 32 }, () => []);
  private next: number;

  /** @param start and end: byte offsets in `bytes` between which it is ours to use */
  constructor(bytes: Uint8Array, start: number, end: number) {
    this.bytes = bytes;
    this.next = start;
    this.end = end;
  }

  /** @param size a power of two @returns Byte offset of a piece, whatever it held before still in it; -1 where there is no room. */
  take(size: number): number {
    const free = this.free[Math.clz32(size)];
    if (free.length > 0) return free.pop()!;
    if (this.end - this.next < size) return -1;
    const at = this.next;
    this.next += size;
    return at;
  }

  /** Takes a piece back. */
  give(at: number, size: number): void {
    this.free[Math.clz32(size)].push(at);
  }
}
