// The consumer peeks at what was submitted, reads it, and releases it: only the release gives the slots
// back. Read before you release, for the producer may overwrite a slot the moment it is free.
import type { RingMemory } from "./memory.js";
import { Ring } from "./ring.js";

/** The reading end of a ring: `peek`, `read`, `release`. An empty ring is no error: `peek` returns 0. */
export abstract class Consumer extends Ring {
  private readonly own: Int32Array;
  private readonly peer: Int32Array;
  private released: number;
  private peerSeen: number;

  constructor(memory: RingMemory) {
    super(memory);
    this.own = memory.consumer;
    this.peer = memory.producer;
    this.released = Atomics.load(memory.consumer, 0);
    this.peerSeen = Atomics.load(memory.producer, 0);
  }

  /** The cursor of the oldest entry that was not released: read at this cursor and those after it. */
  get cursor(): number {
    return this.released >>> 0;
  }

  /**
   * Returns how many entries can be read, from `cursor` on. It moves nothing: peeking twice sees the same entries.
   *
   * @param max upper limit of the answer; the shared cursor is read only when fewer are known
   */
  peek(max: number = this.size): number {
    let ready = (this.peerSeen - this.released) | 0;
    if (ready < max) {
      this.checkAttached();
      this.peerSeen = Atomics.load(this.peer, 0);
      ready = (this.peerSeen - this.released) | 0;
    }
    return ready < max ? ready : max;
  }

  /**
   * Gives the oldest `count` entries back to the producer, which may overwrite them at once.
   *
   * @param count 0 to the number that `peek` can see
   * @throws RangeError where more is released than was submitted
   */
  release(count: number): void {
    const ready = (this.peerSeen - this.released) | 0;
    if ((count | 0) !== count || count < 0 || count > ready) {
      this.refuseCount("release", count, ready, "peeked at and not yet released are");
    }
    this.released = (this.released + count) | 0;
    Atomics.store(this.own, 0, this.released);
  }

  protected override forget(): void {
    this.peerSeen = this.released;
  }
}
