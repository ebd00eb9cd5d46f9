// How sure are we of a median of twenty runs? Ask what other medians the same runs could have given: draw twenty of
// the twenty with repetition, take the median, do that a few thousand times. The middle 95 % of those medians are the
// interval. It assumes no bell curve, which is as well, because running times have none.

import { ascending, quantileOfSorted, requireSamples } from "./quantile.js";
import { type Random, seededRandom } from "./random.js";

/** A range that holds the true value with the stated confidence. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** How the bootstrap draws. The defaults are those of every comparison of the lab. */
export interface BootstrapOptions {
  /** Share of the resampled medians inside the interval, between 0 and 1; 0.95 unless said otherwise. */
  readonly confidence?: number;
  /** How often the values are drawn anew, at least 100; 2000 unless said otherwise. */
  readonly resamples?: number;
  /** Integer seed; the same seed gives the same interval; 1 unless said otherwise. */
  readonly seed?: number;
}

/**
 * The percentile bootstrap interval of a median.
 *
 * @param values at least one finite number; fewer than ten give an interval that is too narrow
 * @param options confidence, number of resamples, seed
 * @returns An interval between the smallest and the largest value; a single value gives an interval of width 0.
 * @throws RangeError where there are no values, one is not finite, or an option is out of range
 * @source Efron, Tibshirani: An Introduction to the Bootstrap, 1993, chapter 13
 */
export function medianInterval(values: ArrayLike<number>, options: BootstrapOptions = {}): Interval {
  const { confidence = 0.95, resamples = 2000, seed = 1 } = options;
  if (!(confidence > 0 && confidence < 1)) {
    throw new RangeError(
      `Cannot bootstrap with confidence ${confidence}: it lies between 0 and 1 -> try 0.95`,
    );
  }
  if (!(Number.isInteger(resamples) && resamples >= 100)) {
    throw new RangeError(
      `Cannot bootstrap with ${resamples} resamples: too few to find the tails -> try 2000`,
    );
  }
  requireSamples(values, "bootstrap a median");
  const medians = resampledMedians(values, resamples, seededRandom(seed));
  const tail = (1 - confidence) / 2;
  return { low: quantileOfSorted(medians, tail), high: quantileOfSorted(medians, 1 - tail) };
}

function resampledMedians(values: ArrayLike<number>, resamples: number, random: Random): Float64Array {
  const n = values.length;
  const drawn = new Float64Array(n);
  const medians = new Float64Array(resamples);
  for (let round = 0; round < resamples; round++) {
    for (let i = 0; i < n; i++) drawn[i] = values[Math.floor(random() * n)];
    medians[round] = quantileOfSorted(drawn.sort(), 0.5);
  }
  return ascending(medians);
}
