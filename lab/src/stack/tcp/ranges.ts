// A sorted list of pieces of the sequence space that do not touch. The receiver keeps one for what came out of
// order, the sender one for what the peer says it holds (the SACK scoreboard). Bounded, and in two typed
// arrays, so that a storm of holes neither grows nor allocates.
import { seqAtMost, seqBefore, seqDistance, seqLater } from "./sequence.js";

/** Pieces at most: a window of 256 KiB with every second segment lost has 90. */
export const RANGE_LIMIT = 256;

/** Ranges [start, end) of sequence numbers, ascending, joined where they touch. */
export class SequenceRanges {
  private readonly starts: Int32Array = new Int32Array(RANGE_LIMIT);
  private readonly ends: Int32Array = new Int32Array(RANGE_LIMIT);
  private count = 0;

  get size(): number {
    return this.count;
  }

  startOf(index: number): number {
    return this.starts[index];
  }

  endOf(index: number): number {
    return this.ends[index];
  }

  /** Bytes in all ranges that lie before a sequence number. */
  bytesBefore(sequence: number): number {
    let sum = 0;
    for (let index = 0; index < this.count && seqBefore(this.starts[index], sequence); index++) {
      const end = seqBefore(sequence, this.ends[index]) ? sequence : this.ends[index];
      sum += seqDistance(this.starts[index], end);
    }
    return sum;
  }

  /**
   * Adds a range.
   *
   * @returns Whether anything of it was new; false also where there is no room for another piece.
   */
  add(start: number, end: number): boolean {
    if (seqAtMost(end, start)) return false;
    let first = 0;
    while (first < this.count && seqBefore(this.ends[first], start)) first++;
    let after = first;
    while (after < this.count && seqAtMost(this.starts[after], end)) after++;
    if (after === first) return this.insert(first, start, end);
    if (after === first + 1 && seqAtMost(this.starts[first], start) && seqAtMost(end, this.ends[first]))
      return false;
    this.starts[first] = seqBefore(start, this.starts[first]) ? start : this.starts[first];
    this.ends[first] = seqLater(end, this.ends[after - 1]);
    this.cut(first + 1, after - first - 1);
    return true;
  }

  /** Forgets everything before a sequence number. */
  removeBefore(sequence: number): void {
    let whole = 0;
    while (whole < this.count && seqAtMost(this.ends[whole], sequence)) whole++;
    this.cut(0, whole);
    if (this.count > 0 && seqBefore(this.starts[0], sequence)) this.starts[0] = sequence;
  }

  /** Index of the range in which a sequence number lies, or -1. */
  indexOf(sequence: number): number {
    for (let index = 0; index < this.count; index++) {
      if (seqBefore(sequence, this.starts[index])) return -1;
      if (seqBefore(sequence, this.ends[index])) return index;
    }
    return -1;
  }

  /** Whether all of a piece lies in one range. */
  covers(start: number, end: number): boolean {
    const index = this.indexOf(start);
    return index >= 0 && seqAtMost(end, this.ends[index]);
  }

  clear(): void {
    this.count = 0;
  }

  private insert(index: number, start: number, end: number): boolean {
    if (this.count === RANGE_LIMIT) return false;
    this.starts.copyWithin(index + 1, index, this.count);
    this.ends.copyWithin(index + 1, index, this.count);
    this.starts[index] = start;
    this.ends[index] = end;
    this.count++;
    return true;
  }

  private cut(index: number, length: number): void {
    if (length <= 0) return;
    this.starts.copyWithin(index, index + length, this.count);
    this.ends.copyWithin(index, index + length, this.count);
    this.count -= length;
  }
}
