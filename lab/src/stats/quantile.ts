// A latency is never "12 µs on average": half the packets were faster than the median, one in a hundred slower
// than the 99th percentile. Quantiles are what this lab reports instead of means.

/** Throws unless there is at least one value and every value is a finite number. */
export function requireSamples(values: ArrayLike<number>, action: string): void {
  if (values.length === 0) {
    throw new RangeError(
      `Cannot ${action} of 0 values: there is nothing to order -> record at least one value`,
    );
  }
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      throw new RangeError(
        `Cannot ${action}: value ${i} of ${values.length} is ${values[i]} -> mark the sample as missing and leave it out`,
      );
    }
  }
}

/** Copies values into ascending numeric order. */
export function ascending(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values).sort();
}

/**
 * Reads a quantile from values that are in ascending order already: the inner loop of the bootstrap.
 *
 * @param sorted ascending, at least one
 * @param fraction 0 to 1
 * @returns The type 7 quantile: the point at rank (n - 1) * fraction, on the straight line between its neighbours.
 */
export function quantileOfSorted(sorted: ArrayLike<number>, fraction: number): number {
  const rank = (sorted.length - 1) * fraction;
  const below = Math.floor(rank);
  const low = sorted[below];
  const weight = rank - below;
  if (weight === 0) return low;
  const high = sorted[below + 1];
  return Math.min(high, low + weight * (high - low));
}

/**
 * The value below which a fraction of the values lie, by type 7 of Hyndman and Fan: what R, NumPy and
 * spreadsheets do unless told otherwise. Statistics packages know nine types; with thousands of samples they agree.
 *
 * @param values at least one finite number, in any order; not changed
 * @param fraction 0 (minimum) to 1 (maximum); 0.5 is the median, 0.99 the 99th percentile
 * @returns A number between the smallest and the largest value.
 * @throws RangeError where there are no values, one is not finite, or the fraction is outside 0 to 1
 * @source Hyndman, Fan: Sample Quantiles in Statistical Packages, The American Statistician 50(4), 1996
 */
export function quantile(values: ArrayLike<number>, fraction: number): number {
  if (!(fraction >= 0 && fraction <= 1)) {
    throw new RangeError(
      `Cannot take quantile ${fraction}: it is a fraction from 0 to 1 -> try 0.99 for p99`,
    );
  }
  requireSamples(values, "take a quantile");
  return quantileOfSorted(ascending(values), fraction);
}

/**
 * The middle value: half the values are below it. One wild run out of twenty does not move it.
 *
 * @param values at least one finite number, in any order; not changed
 * @returns The middle value, or the mean of the two middle ones.
 * @throws RangeError where there are no values or one is not finite
 */
export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5);
}
