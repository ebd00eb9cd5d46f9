// The producer reserves free slots, writes them, and submits them: only the submit is seen by the other
// side. It keeps a private copy of the consumer's cursor and looks at the shared one only when the copy
// says that the ring is full: reading a word that the other core writes costs a cache miss.
import type { RingMemory } from "./memory.js";
import { Ring } from "./ring.js";

/** The writing end of a ring: `reserve`, `write`, `submit`. A full ring is no error: `reserve` returns null. */
export abstract class Producer extends Ring {
  private readonly own: Int32Array;
  private readonly peer: Int32Array;
  // Cursors are kept as int32, which V8 stores without allocating; differences are right modulo 2^32.
  private reserved: number;
  private submitted: number;
  private peerSeen: number;

  constructor(memory: RingMemory) {
    super(memory);
    this.own = memory.producer;
    this.peer = memory.consumer;
    this.reserved = Atomics.load(memory.producer, 0);
    this.submitted = this.reserved;
    this.peerSeen = Atomics.load(memory.consumer, 0);
  }

  /** The cursor that the next `reserve` starts at. */
  get cursor(): number {
    return this.reserved >>> 0;
  }

  /** Slots that are reserved and not submitted yet. */
  get pending(): number {
    return (this.reserved - this.submitted) | 0;
  }

  /** Entries that were submitted and that the other side has not released yet. */
  get queued(): number {
    this.checkAttached();
    this.peerSeen = Atomics.load(this.peer, 0);
    return (this.submitted - this.peerSeen) | 0;
  }

  /**
   * Returns how many slots could be reserved now.
   *
   * @param enough the shared cursor is read only when fewer than this seem free; 1 to size
   */
  free(enough: number = this.size): number {
    let free = this.size - ((this.reserved - this.peerSeen) | 0);
    if (free < enough) {
      this.checkAttached();
      this.peerSeen = Atomics.load(this.peer, 0);
      free = this.size - ((this.reserved - this.peerSeen) | 0);
    }
    return free;
  }

  /**
   * Reserves `count` slots, all or none.
   *
   * @param count 0 to size
   * @returns The first reserved cursor; write at that cursor and the `count - 1` after it. Returns null when fewer are free.
   * @throws RangeError where count is not an integer from 0 to size
   */
  reserve(count: number): number | null {
    if ((count | 0) !== count || count < 0 || count > this.size) {
      this.refuseCount("reserve", count, this.size, "it can never hold more than");
    }
    if (this.free(count) < count) return null;
    const first = this.reserved;
    this.reserved = (first + count) | 0;
    return first >>> 0;
  }

  /**
   * Hands the oldest `count` reserved slots to the other side: what was written becomes visible, then the cursor moves.
   *
   * @param count 0 to the number reserved
   * @throws RangeError where more is submitted than was reserved
   */
  submit(count: number): void {
    const pending = (this.reserved - this.submitted) | 0;
    if ((count | 0) !== count || count < 0 || count > pending) {
      this.refuseCount("submit", count, pending, "reserved and not yet submitted are");
    }
    this.submitted = (this.submitted + count) | 0;
    Atomics.store(this.own, 0, this.submitted);
  }

  protected override forget(): void {
    this.reserved = this.submitted;
    this.peerSeen = (this.submitted - this.size) | 0;
  }
}
