// A million latencies fit into a few thousand counters. `recordValue` is called once a packet, so it allocates
// nothing: it finds the counter by arithmetic and adds one.

/** `count` values lay between `low` and `high`. A bucket with low = high holds just that value. */
export interface Bucket {
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

/** Both histograms speak this; figures take `buckets()`. */
export interface Histogram {
  /** How many values were recorded. */
  readonly count: number;
  /** Counts one value without allocating. */
  recordValue(value: number): void;
  /** The buckets that hold something, ascending. */
  buckets(): Bucket[];
}

/** Buckets of equal width over a known range; what falls outside is counted, not lost. */
export class FixedHistogram implements Histogram {
  readonly low: number;
  readonly high: number;
  /** Values under `low`. */
  below = 0;
  /** Values at `high` or over. */
  above = 0;
  readonly #counts: Float64Array;
  readonly #binsPerUnit: number;

  /**
   * @param low start of the first bin
   * @param high end of the last bin, above low
   * @param bins how many, 1 or more
   * @throws RangeError where the range is empty or there are no bins
   */
  constructor(low: number, high: number, bins: number) {
    if (!(low < high && Number.isFinite(high - low) && Number.isInteger(bins) && bins > 0)) {
      throw new RangeError(
        `Cannot make a histogram of ${bins} bins from ${low} to ${high}: the range or the count is empty -> try (0, 100, 20)`,
      );
    }
    this.low = low;
    this.high = high;
    this.#counts = new Float64Array(bins);
    this.#binsPerUnit = bins / (high - low);
  }

  get count(): number {
    return this.#counts.reduce((sum, count) => sum + count, this.below + this.above);
  }

  /**
   * Counts one value.
   * @throws RangeError where the value is not a number
   */
  recordValue(value: number): void {
    if (Number.isNaN(value)) throw notRecordable(value);
    if (value < this.low) this.below += 1;
    else if (value >= this.high) this.above += 1;
    else {
      const bin = Math.floor((value - this.low) * this.#binsPerUnit);
      this.#counts[Math.min(bin, this.#counts.length - 1)] += 1;
    }
  }

  buckets(): Bucket[] {
    const filled: Bucket[] = [];
    this.#counts.forEach((count, bin) => {
      if (count > 0) {
        filled.push({
          low: this.low + bin / this.#binsPerUnit,
          high: this.low + (bin + 1) / this.#binsPerUnit,
          count,
        });
      }
    });
    return filled;
  }
}

/** The error of a value that no bucket can take. */
export function notRecordable(value: number): RangeError {
  return new RangeError(
    `Cannot record ${value} in a histogram: not a number of the recordable range -> count such samples apart and say how many`,
  );
}
