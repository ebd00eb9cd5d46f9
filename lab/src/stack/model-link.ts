// A wire inside the process, with two ends and everything that can go wrong on a real one: loss, duplicates,
// other orders, flipped bits, and time. All of it comes from one seed, so a run that failed can be had again.
import { type Random, seededRandom } from "../stats/index.js";
import type { VirtualClock } from "./clock.js";
import type { FrameHandler, FrameLink, SpareMemory } from "./link.js";

/** What the wire does to a frame; shares are 0 to 1. */
export interface WireFaults {
  /** Share of frames lost. */
  readonly loss: number;
  /** Share delivered twice. */
  readonly duplicate: number;
  /** Share that is held up, by up to `reorderMs`, so that others overtake. */
  readonly reorder: number;
  readonly reorderMs: number;
  /** Share in which a bit flips. */
  readonly corrupt: number;
}

/** What the wire is. */
export interface WireModel extends Partial<WireFaults> {
  readonly seed: number;
  /** One way, in ms. */
  readonly delayMs?: number;
  /** Frames on their way in one direction at most; more are lost, as in a full queue. */
  readonly queueFrames?: number;
  readonly mtu?: number;
}

interface Flying {
  dueMs: number;
  bytes: Uint8Array;
}

/** What happened on the wire so far. */
export interface WireTally {
  sent: number;
  delivered: number;
  lost: number;
  duplicated: number;
  reordered: number;
  corrupted: number;
  overflowed: number;
}

/** A wire between two stacks; see `a` and `b`. */
export class ModelWire {
  readonly a: FrameLink;
  readonly b: FrameLink;
  readonly clock: VirtualClock;
  readonly tally: WireTally = {
    sent: 0,
    delivered: 0,
    lost: 0,
    duplicated: 0,
    reordered: 0,
    corrupted: 0,
    overflowed: 0,
  };
  /** May be changed while frames fly: what is sent from then on meets the new ones. */
  faults: WireFaults;
  /** Sees every frame as it is sent; returning true loses it, whatever the faults say. */
  onSend: ((frame: Uint8Array, from: "a" | "b") => boolean | undefined) | null = null;
  readonly delayMs: number;
  readonly queueFrames: number;
  readonly random: Random;
  private readonly flying: { a: Flying[]; b: Flying[] } = { a: [], b: [] };

  constructor(clock: VirtualClock, model: WireModel) {
    const { seed, delayMs = 0.05, queueFrames = 1000, mtu = 1500, ...faults } = model;
    this.clock = clock;
    this.delayMs = delayMs;
    this.queueFrames = queueFrames;
    this.random = seededRandom(seed);
    this.faults = { loss: 0, duplicate: 0, reorder: 0, reorderMs: 1, corrupt: 0, ...faults };
    this.a = new ModelEnd(this, "a", "02:72:73:00:00:01", mtu);
    this.b = new ModelEnd(this, "b", "02:72:73:00:00:02", mtu);
  }

  /** When the next frame arrives anywhere; Infinity where none flies. */
  nextMs(): number {
    return Math.min(this.flying.a[0]?.dueMs ?? Infinity, this.flying.b[0]?.dueMs ?? Infinity);
  }

  /** Puts a frame on its way. */
  launch(from: "a" | "b", frame: Uint8Array): void {
    const { tally, faults, random } = this;
    tally.sent++;
    if (this.onSend?.(frame, from) === true || random() < faults.loss) {
      tally.lost++;
      return;
    }
    if (random() < faults.corrupt) {
      frame[Math.floor(random() * frame.length)] ^= 1 << Math.floor(random() * 8);
      tally.corrupted++;
    }
    this.fly(from, frame);
    if (random() < faults.duplicate) {
      tally.duplicated++;
      this.fly(from, frame.slice());
    }
  }

  private fly(from: "a" | "b", bytes: Uint8Array): void {
    const queue = this.flying[from === "a" ? "b" : "a"];
    if (queue.length >= this.queueFrames) {
      this.tally.overflowed++;
      return;
    }
    let dueMs = this.clock.nowMs() + this.delayMs;
    if (this.random() < this.faults.reorder) {
      this.tally.reordered++;
      dueMs += this.random() * this.faults.reorderMs;
    }
    let at = queue.length;
    while (at > 0 && queue[at - 1].dueMs > dueMs) at--;
    queue.splice(at, 0, { dueMs, bytes });
  }

  /** Takes the next frame that has arrived at an end. */
  land(at: "a" | "b"): Uint8Array | null {
    const queue = this.flying[at];
    if (queue.length === 0 || queue[0].dueMs > this.clock.nowMs()) return null;
    this.tally.delivered++;
    return queue.shift()!.bytes;
  }
}

/** For the stack's buffers: few enough that some find no room. */
const SPARE_BYTES = 1 << 16;

class ModelEnd implements FrameLink {
  readonly mac: string;
  readonly mtu: number;
  readonly bytes: Uint8Array;
  readonly spare: SpareMemory;
  private readonly wire: ModelWire;
  private readonly end: "a" | "b";

  constructor(wire: ModelWire, end: "a" | "b", mac: string, mtu: number) {
    this.wire = wire;
    this.end = end;
    this.mac = mac;
    this.mtu = mtu;
    const start = (mtu + 14 + 63) & -64;
    this.spare = { start, end: start + SPARE_BYTES };
    this.bytes = new Uint8Array(this.spare.end);
  }

  reserve(length: number): number {
    return length <= this.mtu + 14 ? 0 : -1;
  }

  submit(start: number, length: number): void {
    this.wire.launch(this.end, this.bytes.slice(start, start + length));
  }

  flush(): void {}

  poll(handler: FrameHandler, limit: number): number {
    for (let count = 0; count < limit; count++) {
      const frame = this.wire.land(this.end);
      if (frame === null) return count;
      handler(frame, 0, frame.length);
    }
    return limit;
  }

  close(): void {}
}
