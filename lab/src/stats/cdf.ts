// A cumulative distribution answers "what share was at most this slow?" for every value at once, and unlike a
// histogram it needs no choice of bins.

import type { Bucket } from "./histogram.js";

/** `fraction` of all samples are at most `value`. */
export interface CdfPoint {
  readonly value: number;
  readonly fraction: number;
}

/** One sample, or a histogram's bucket of them. */
export type Sample = number | Bucket;

/** The samples as buckets in ascending order; a plain number is a bucket of width 0. */
export function bucketsOf(samples: readonly Sample[]): Bucket[] {
  const buckets = samples.map((sample, i) => {
    const bucket = typeof sample === "number" ? { low: sample, high: sample, count: 1 } : sample;
    const { low, high, count } = bucket;
    if (
      !(Number.isFinite(low) && Number.isFinite(high) && Number.isFinite(count)) ||
      high < low ||
      count < 0
    ) {
      throw new RangeError(
        `Cannot use sample ${i}, ${count} from ${low} to ${high}: not a finite bucket -> mark the sample as missing and leave it out`,
      );
    }
    return bucket;
  });
  return buckets.filter((bucket) => bucket.count > 0).sort((a, b) => a.low - b.low || a.high - b.high);
}

/**
 * The empirical distribution: one point at the end of each distinct value or bucket.
 *
 * @param samples numbers, buckets, or both; finite
 * @returns Points with ascending values and fractions; the last fraction is 1. Empty for no samples.
 * @throws RangeError where a sample is not finite
 */
export function cdfPoints(samples: readonly Sample[]): CdfPoint[] {
  const buckets = bucketsOf(samples).sort((a, b) => a.high - b.high);
  const total = buckets.reduce((sum, bucket) => sum + bucket.count, 0);
  const points: CdfPoint[] = [];
  let seen = 0;
  for (const [i, bucket] of buckets.entries()) {
    seen += bucket.count;
    if (buckets[i + 1]?.high !== bucket.high) points.push({ value: bucket.high, fraction: seen / total });
  }
  return points;
}

/**
 * Reads a percentile off a distribution.
 *
 * @param points what cdfPoints gave, at least one
 * @param fraction 0 to 1
 * @returns The smallest value that at least this fraction of the samples do not exceed.
 * @throws RangeError where there are no points or the fraction is out of range
 */
export function cdfValueAt(points: readonly CdfPoint[], fraction: number): number {
  if (points.length === 0 || !(fraction >= 0 && fraction <= 1)) {
    throw new RangeError(
      `Cannot read percentile ${fraction * 100} of ${points.length} points -> give a fraction from 0 to 1 and points of one sample or more`,
    );
  }
  return points.find((point) => point.fraction >= fraction)!.value;
}
