// What a sender writes: frames of one length, or of the Internet's mix, where a packet's number chooses the length as it does for the
// injector. The bytes of one length lie ready in the sender's memory and only the number is written; in a mix the headers are, too,
// for they tell the length.
import { HEADER_BYTES } from "../sink.js";

/** Bytes of a packet's number, at the start of what it carries; the upper half stays 0. */
const NUMBER_BYTES = 8;

/** Writes a packet's number, 0 to 2^32 - 1, in network order. @param at where the number of 8 bytes begins */
export function writeNumber(bytes: Uint8Array, at: number, number: number): void {
  const last = at + NUMBER_BYTES - 1;
  bytes[last] = number;
  bytes[last - 1] = number >>> 8;
  bytes[last - 2] = number >>> 16;
  bytes[last - 3] = number >>> 24;
}

/** The frames of a load: packet `n` is frame `n` modulo as many as there are. */
export class SentFrames {
  /** The longest, to lay memory out with. */
  readonly longest: Uint8Array;
  /** Lengths without check sequence, by the packet's number modulo their count. */
  readonly lengths: readonly number[];
  private readonly count: number;
  private readonly headers: readonly Uint8Array[];

  /** @param frames whole ones, from 1 */
  constructor(frames: readonly Uint8Array[]) {
    this.longest = frames.reduce((most, frame) => (frame.length > most.length ? frame : most));
    this.lengths = frames.map(({ length }) => length);
    this.headers = frames.map((frame) => frame.subarray(0, HEADER_BYTES));
    this.count = frames.length;
  }

  /** Length of a packet's frame. */
  lengthOf(number: number): number {
    return this.lengths[number % this.count];
  }

  /** Writes what makes a packet of memory in which the longest frame lies. @param at where the frame begins @returns its length */
  write(bytes: Uint8Array, at: number, number: number): number {
    if (this.count > 1) bytes.set(this.headers[number % this.count], at);
    writeNumber(bytes, at + HEADER_BYTES, number);
    return this.lengths[number % this.count];
  }
}
