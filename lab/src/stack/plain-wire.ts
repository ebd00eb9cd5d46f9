// A wire inside the process that does nothing but carry: no loss, no time, and no memory made for a frame. What is
// counted or timed between two stacks on it is theirs. `model-link.ts` has the wire on which things go wrong.
import type { FrameHandler, FrameLink, SpareMemory } from "./link.js";

const FRAME_BYTES = 2048;
/** For the buffers of each stack. */
const SPARE_BYTES = 1 << 22;

/** A wire between two stacks; see `a` and `b`. */
export class PlainWire {
  readonly a: FrameLink;
  readonly b: FrameLink;

  /** @param frames room for so many in each direction, a power of two; a stack that sends more is told that the link is full */
  constructor(frames = 1024) {
    const memory = new Uint8Array(2 * frames * FRAME_BYTES + 2 * SPARE_BYTES); // one piece, as a umem is
    const half = frames * FRAME_BYTES;
    const toA = new Lane(memory, 0, frames);
    const toB = new Lane(memory, half, frames);
    this.a = new PlainEnd("02:72:73:00:00:01", memory, toB, toA, 2 * half);
    this.b = new PlainEnd("02:72:73:00:00:02", memory, toA, toB, 2 * half + SPARE_BYTES);
  }
}

/** One direction: frames that lie where they were written until the other end has read them. */
class Lane {
  readonly frames: number;
  readonly lengths: Uint16Array;
  readonly bytes: Uint8Array;
  written = 0;
  read = 0;
  private readonly start: number;

  constructor(bytes: Uint8Array, start: number, frames: number) {
    this.bytes = bytes;
    this.start = start;
    this.frames = frames;
    this.lengths = new Uint16Array(frames);
  }

  /** Byte offset of a frame. @param cursor counts for ever, modulo 2 ** 32 */
  at(cursor: number): number {
    return this.start + (cursor & (this.frames - 1)) * FRAME_BYTES;
  }
}

class PlainEnd implements FrameLink {
  readonly mac: string;
  readonly mtu = 1500;
  readonly bytes: Uint8Array;
  readonly spare: SpareMemory;
  private readonly out: Lane;
  private readonly into: Lane;

  constructor(mac: string, bytes: Uint8Array, out: Lane, into: Lane, spareStart: number) {
    this.mac = mac;
    this.bytes = bytes;
    this.out = out;
    this.into = into;
    this.spare = { start: spareStart, end: spareStart + SPARE_BYTES };
  }

  reserve(length: number): number {
    const { out } = this;
    const isFull = ((out.written - out.read) | 0) >= out.frames;
    return isFull || length > FRAME_BYTES ? -1 : out.at(out.written);
  }

  submit(_start: number, length: number): void {
    const { out } = this;
    out.lengths[out.written & (out.frames - 1)] = length;
    out.written = (out.written + 1) | 0;
  }

  flush(): void {}

  poll(handler: FrameHandler, limit: number): number {
    const { into } = this;
    const count = Math.min(limit, (into.written - into.read) | 0);
    for (let index = 0; index < count; index++) {
      const start = into.at(into.read);
      handler(into.bytes, start, start + into.lengths[into.read & (into.frames - 1)]);
      into.read = (into.read + 1) | 0;
    }
    return count;
  }

  close(): void {}
}
