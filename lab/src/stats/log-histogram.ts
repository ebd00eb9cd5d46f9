// Latencies run from nanoseconds to seconds. Equal bins would waste themselves on one end, so each power of two is
// cut into the same number of equal pieces: the error is relative, as in HdrHistogram, and a picosecond-wide spike and
// a second-long stall share one array.
//
//   value 0 1 2 ... 127 | 128 129 ... 255 | 256 258 ... 510 | 512 516 ...     (precision 7 bits)
//         each its own  |  each its own   |  two a bucket   |  four a bucket

import { type Bucket, type Histogram, notRecordable } from "./histogram.js";

const MAX_EXPONENT = 52; // values up to 2^53 - 1, the largest that stay exact

/** Counts whole numbers from 0 to 2^53 - 1 with one relative precision over the whole range. */
export class LogHistogram implements Histogram {
  /** Pieces per power of two, as a power of two: 7 means buckets no wider than 1/128 of their value. */
  readonly precisionBits: number;
  count = 0;
  /** Smallest recorded value, exact; Infinity while empty. */
  min: number = Number.POSITIVE_INFINITY;
  /** Largest recorded value, exact; -Infinity while empty. */
  max: number = Number.NEGATIVE_INFINITY;
  readonly #counts: Float64Array;

  /**
   * @param precisionBits 1 to 12; 7 unless said otherwise, which takes 48 kB and errs by less than 0.8 %
   * @throws RangeError where the precision is out of range
   */
  constructor(precisionBits = 7) {
    if (!(Number.isInteger(precisionBits) && precisionBits >= 1 && precisionBits <= 12)) {
      throw new RangeError(
        `Cannot make a histogram of ${precisionBits} precision bits: 1 to 12 are possible -> try 7`,
      );
    }
    this.precisionBits = precisionBits;
    this.#counts = new Float64Array((MAX_EXPONENT - precisionBits + 2) * 2 ** precisionBits);
  }

  /**
   * Counts one value; a fraction is rounded down.
   *
   * @param value 0 to 2^53 - 1, e.g. nanoseconds
   * @throws RangeError where the value is negative, too large or not a number
   */
  recordValue(value: number): void {
    if (!(value >= 0 && value <= Number.MAX_SAFE_INTEGER)) throw notRecordable(value);
    const whole = Math.floor(value);
    this.#counts[this.#indexOf(whole)] += 1;
    this.count += 1;
    if (whole < this.min) this.min = whole;
    if (whole > this.max) this.max = whole;
  }

  /**
   * Adds another histogram's counts, as when two threads measured.
   * @throws RangeError where the precisions differ
   */
  add(other: LogHistogram): void {
    if (other.precisionBits !== this.precisionBits) {
      throw new RangeError(
        `Cannot add a histogram of ${other.precisionBits} precision bits to one of ${this.precisionBits}: buckets differ -> make both alike`,
      );
    }
    for (let i = 0; i < this.#counts.length; i++) this.#counts[i] += other.#counts[i];
    this.count += other.count;
    this.min = Math.min(this.min, other.min);
    this.max = Math.max(this.max, other.max);
  }

  /**
   * Adds counts that a program elsewhere kept, by this same rule: counter `i` is of the i-th bucket from 0 on.
   *
   * @param counts as many as that program has buckets; `min` and `max` become bounds of a bucket, since nobody kept the values
   * @throws RangeError where there are more than this histogram has.
   */
  addCounts(counts: ArrayLike<number>): void {
    if (counts.length > this.#counts.length) {
      throw new RangeError(
        `Cannot add ${counts.length} counters: a histogram of ${this.precisionBits} precision bits has ${this.#counts.length} -> keep both at one precision`,
      );
    }
    for (let i = 0; i < counts.length; i++) {
      if (counts[i] === 0) continue;
      this.#counts[i] += counts[i];
      this.count += counts[i];
      this.min = Math.min(this.min, this.#lowOf(i));
      this.max = Math.max(this.max, this.#lowOf(i + 1) - 1);
    }
  }

  /**
   * The value below or at which a fraction of the values lie.
   *
   * @param fraction 0 to 1
   * @returns The largest value of the bucket that holds that rank, never above `max`: at most 2^-precisionBits too high.
   * @throws RangeError where the histogram is empty or the fraction out of range
   */
  quantile(fraction: number): number {
    if (!(fraction >= 0 && fraction <= 1) || this.count === 0) {
      throw new RangeError(
        `Cannot take quantile ${fraction} of ${this.count} values -> give a fraction from 0 to 1, once a value was added`,
      );
    }
    const rank = Math.max(1, Math.ceil(fraction * this.count));
    let seen = 0;
    for (let i = 0; i < this.#counts.length; i++) {
      seen += this.#counts[i];
      if (seen >= rank) return Math.min(this.#lowOf(i + 1) - 1, this.max);
    }
    return this.max;
  }

  buckets(): Bucket[] {
    const filled: Bucket[] = [];
    this.#counts.forEach((count, i) => {
      if (count > 0) filled.push({ low: this.#lowOf(i), high: this.#lowOf(i + 1) - 1, count });
    });
    return filled;
  }

  #indexOf(whole: number): number {
    const pieces = 2 ** this.precisionBits;
    if (whole < pieces) return whole;
    const upper = Math.floor(whole / 2 ** 32);
    const exponent = upper > 0 ? 63 - Math.clz32(upper) : 31 - Math.clz32(whole);
    const shift = exponent - this.precisionBits;
    return shift * pieces + Math.floor(whole / 2 ** shift);
  }

  #lowOf(index: number): number {
    const pieces = 2 ** this.precisionBits;
    if (index < pieces) return index;
    const shift = Math.floor(index / pieces) - 1;
    return (index - shift * pieces) * 2 ** shift;
  }
}
