// netmap's ring, as its users see it. One array of slots, each with a buffer; three indices into it. From `head` up to `tail`
// the slots are the program's: packets to read on a receive ring, empty buffers to fill on a transmit ring. All others are
// the kernel's. The program moves `head` forward to give slots away, and only a sync makes the kernel look. Indices are
// positions in the array, not cursors that count for ever: after the last slot comes slot 0.

/** Set on a slot whose buffer was exchanged: without it the kernel goes on using the old one. @source sys/net/netmap.h */
export const NS_BUF_CHANGED = 1;

/** One receive or transmit ring. A loop over its slots allocates nothing. */
export class NetmapRing {
  readonly numSlots: number;
  /** Buffer of each slot, by number. */
  readonly bufIdx: Uint32Array;
  /** Packet length of each slot, in bytes. */
  readonly len: Uint32Array;
  /** Where in its buffer the packet of a slot begins, in bytes. */
  readonly offset: Uint32Array;
  /** `NS_BUF_CHANGED`, or 0. */
  readonly flags: Uint32Array;
  /** First slot that is the program's. Moving it forward gives slots back, at the next sync. */
  head = 0;
  /**
   * How far the program has looked, never behind `head`: `space` counts from it. In netmap a poll(2) also ends once `tail` has passed
   * it; there is no such wait here, whoever has nothing to do waits for the AF_XDP socket underneath.
   */
  cur = 0;
  /** First slot that is not the program's. Only a sync moves it. */
  tail = 0;

  /** @param numSlots 2 or more; one slot is always the kernel's */
  constructor(numSlots: number) {
    if (!(Number.isInteger(numSlots) && numSlots >= 2)) {
      throw new RangeError(
        `Cannot make netmap ring of ${numSlots} slots: one is always the kernel's -> try 256`,
      );
    }
    this.numSlots = numSlots;
    this.bufIdx = new Uint32Array(numSlots);
    this.len = new Uint32Array(numSlots);
    this.offset = new Uint32Array(numSlots);
    this.flags = new Uint32Array(numSlots);
  }

  /** The slot after this one. @source sys/net/netmap_user.h, nm_ring_next */
  next(slot: number): number {
    return slot + 1 === this.numSlots ? 0 : slot + 1;
  }

  /** Slots from `cur` to `tail`: packets that wait, or room to send. @source sys/net/netmap_user.h, nm_ring_space */
  space(): number {
    return this.distance(this.cur, this.tail);
  }

  /** How many steps of `next` lead from one slot to another. */
  distance(from: number, to: number): number {
    const steps = to - from;
    return steps < 0 ? steps + this.numSlots : steps;
  }
}
