// The frames that the application itself holds, free for use: a stack, so that the frame used last, which
// is still in the cache, is used next.
import type { AddrProducer } from "./addr-ring.js";
import type { Umem } from "./umem.js";

/** A stack of free frame addresses. Taking and giving allocate nothing. */
export class FramePool {
  private readonly addrs: Float64Array;
  private count = 0;

  /** Starts with the first frames of the umem. @param frames how many; every one unless given */
  constructor(umem: Umem, frames: number = umem.frameCount) {
    this.addrs = new Float64Array(frames);
    for (let frame = frames - 1; frame >= 0; frame--) this.give(umem.addrOf(frame));
  }

  /** Frames in the pool. */
  get size(): number {
    return this.count;
  }

  /** Takes a free frame. Returns its address, or null when the pool is empty. */
  take(): number | null {
    return this.count === 0 ? null : this.addrs[--this.count];
  }

  /**
   * Puts a frame back.
   *
   * @param addr first byte of the frame
   * @throws RangeError where the pool already holds as many frames as the umem has: one was given twice
   */
  give(addr: number): void {
    if (this.count === this.addrs.length) {
      throw new RangeError(
        `Cannot give frame at addr ${addr} to the pool: it already holds all ${this.count} frames; one was given twice -> give each frame back once`,
      );
    }
    this.addrs[this.count++] = addr;
  }

  /** Lists the addresses in the pool, for a ledger. */
  list(): number[] {
    return Array.from(this.addrs.subarray(0, this.count));
  }

  /**
   * Moves frames from the pool to the fill ring, as many as both allow.
   *
   * @param max upper limit, 0 or more
   * @returns How many frames the kernel was given.
   */
  fill(fillRing: AddrProducer, max: number = fillRing.size): number {
    const count = Math.min(max, this.count, fillRing.free());
    const first = fillRing.reserve(count);
    if (first === null) return 0;
    for (let index = 0; index < count; index++) {
      fillRing.write(first + index, this.addrs[--this.count]);
    }
    fillRing.submit(count);
    return count;
  }
}
