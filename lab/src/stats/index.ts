/**
 * stats: is this difference real, and how sure are we? Quantiles, the bootstrap interval of a median, paired ratios
 * with a verdict, histograms that record without allocating, and random numbers that can be repeated.
 *
 * Read `paired.ts` first, then `bootstrap.ts` on which it stands. Notebook 00-start-here meets the noise floor, 11-what-a-syscall-costs
 * the verdict. Left out on purpose: means, standard deviations and tests that assume a bell curve.
 */
export { type BootstrapOptions, type Interval, medianInterval } from "./bootstrap.js";
export { bucketsOf, type CdfPoint, cdfPoints, cdfValueAt, type Sample } from "./cdf.js";
export { growthPercent, type YearPoint } from "./growth.js";
export { type Bucket, FixedHistogram, type Histogram } from "./histogram.js";
export { LogHistogram } from "./log-histogram.js";
export {
  MIN_PAIRS,
  noiseFloor,
  type PairedComparison,
  pairedComparison,
  pairedRatios,
  type RatioClaim,
  type Verdict,
} from "./paired.js";
export { median, quantile } from "./quantile.js";
export { type Random, seededRandom, shuffle } from "./random.js";
