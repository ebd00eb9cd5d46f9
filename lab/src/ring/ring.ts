// What both ends of a ring have in common: its memory, its size, and the mask that turns a cursor into
// a slot. A cursor counts packets for ever and wraps at 2^32; a slot is where cursor number `cursor`
// lives: cursor & mask. Because the size is a power of two, the wrap of the cursor never shows.
import { NEED_WAKEUP_FLAG, type RingMemory } from "./memory.js";

/** One end of a ring. Use a producer or a consumer; this is only what they share. */
export abstract class Ring {
  /** Slots, a power of two. */
  readonly size: number;
  /** `size - 1`: a slot is `cursor & mask`. */
  readonly mask: number;
  /** The shared memory, for pictures and ledgers; writing to it breaks the ring. */
  readonly memory: RingMemory;
  private detachedBecause: string | null = null;

  constructor(memory: RingMemory) {
    this.size = memory.size;
    this.mask = memory.size - 1;
    this.memory = memory;
  }

  /** Returns the slot in which this cursor's entry lives. */
  slotOf(cursor: number): number {
    return cursor & this.mask;
  }

  /**
   * Returns true while the kernel sleeps on this ring and must be woken by a system call.
   * Ask after `submit`: its store and this load are ordered, so a wake-up cannot be missed.
   * @source net/xdp/xsk.c xsk_set_tx_need_wakeup, v6.18
   */
  needsWakeup(): boolean {
    return (Atomics.load(this.memory.flags, 0) & NEED_WAKEUP_FLAG) !== 0;
  }

  /**
   * Takes the ring out of use before its memory goes away: every later call throws.
   *
   * @param because the whole error message that later callers shall read
   */
  detach(because: string): void {
    this.detachedBecause = because;
    this.forget();
  }

  /** Drops whatever would let a fast path succeed without looking at the peer's cursor again. */
  protected abstract forget(): void;

  protected checkAttached(): void {
    if (this.detachedBecause !== null) throw new Error(this.detachedBecause);
  }

  protected refuseCount(action: string, count: number, limit: number, what: string): never {
    this.checkAttached();
    throw new RangeError(
      `Cannot ${action} ${count} slots of a ring of ${this.size}: ${what} ${limit} -> ${action} an integer from 0 to ${limit}`,
    );
  }
}
