// Two ways of doing one thing are run side by side, in pairs, so that whatever the machine was up to in that second
// hit both. The ratio inside a pair is what the lab compares. The same pairs of one thing against itself give the
// noise floor: a difference smaller than that is no difference.

import { type BootstrapOptions, type Interval, medianInterval } from "./bootstrap.js";
import { median } from "./quantile.js";

/** Fewer pairs than this never settle anything (measuring rule 3). */
export const MIN_PAIRS = 10;

/** What the data say about a claim. */
export type Verdict = "supports" | "contradicts" | "inconclusive";

/** A statement about the ratio a / b that an experiment can settle, e.g. "a / b > 1". */
export interface RatioClaim {
  readonly relation: ">" | "<";
  /** The ratio that is claimed to be passed; above 0. */
  readonly bound: number;
}

/** The outcome of a paired comparison, with everything needed to draw and to doubt it. */
export interface PairedComparison {
  /** Number of pairs. */
  readonly n: number;
  /** a[i] / b[i], in the order of the pairs. */
  readonly ratios: readonly number[];
  readonly medianRatio: number;
  /** 95 % bootstrap interval of the median ratio. */
  readonly low: number;
  readonly high: number;
  /** The A/A noise floor as a fraction: 0.027 is 2.7 %. */
  readonly noise: number;
  readonly claim: RatioClaim;
  readonly verdict: Verdict;
  /** The relation that was tested and how it came out, as a sentence. */
  readonly reason: string;
}

/**
 * Divides pair by pair.
 *
 * @param a positive measurements of the first variant, in any unit
 * @param b positive measurements of the second, same unit, `b[i]` run beside `a[i]`
 * @returns a[i] / b[i]
 * @throws RangeError where the lengths differ, there are no pairs, or a value is not positive and finite
 */
export function pairedRatios(a: readonly number[], b: readonly number[]): number[] {
  if (a.length !== b.length || a.length === 0) {
    throw new RangeError(
      `Cannot pair ${a.length} with ${b.length} measurements: every run needs its partner -> record a and b in the same round`,
    );
  }
  return a.map((value, i) => {
    const partner = b[i];
    if (!(value > 0 && partner > 0 && Number.isFinite(value) && Number.isFinite(partner))) {
      throw new RangeError(
        `Cannot take the ratio of pair ${i}, ${value} / ${partner}: both must be above 0 and finite -> drop the pair and say so`,
      );
    }
    return value / partner;
  });
}

/**
 * How far identical code seems to differ from itself on this machine now.
 *
 * @param first measurements of one variant
 * @param second measurements of the same variant, run in the same pairs
 * @param options how the bootstrap draws
 * @returns The farthest that the 95 % interval of the median ratio reaches from 1, as a fraction: 0.027 is 2.7 %.
 * @throws RangeError as pairedRatios does
 */
export function noiseFloor(
  first: readonly number[],
  second: readonly number[],
  options: BootstrapOptions = {},
): number {
  const { low, high } = medianInterval(pairedRatios(first, second), options);
  return Math.exp(Math.max(Math.abs(Math.log(low)), Math.abs(Math.log(high)))) - 1;
}

/**
 * Compares two variants and judges a claim about a / b. The claim `> bound` is supported when the whole interval lies
 * above bound * (1 + noise), contradicted when it lies below bound / (1 + noise), and inconclusive otherwise;
 * `< bound` is the mirror image. Fewer than ten pairs are always inconclusive.
 *
 * @param a positive measurements of the first variant
 * @param b positive measurements of the second, `b[i]` run beside `a[i]`
 * @param noise the A/A noise floor as a fraction, 0 or more; see noiseFloor
 * @param claim what is being judged; a / b > 1 unless said otherwise
 * @param options how the bootstrap draws
 * @returns Ratios, median, interval, and the verdict with its reason.
 * @throws RangeError where pairs, noise or bound are out of range
 */
export function pairedComparison(
  a: readonly number[],
  b: readonly number[],
  noise: number,
  claim: RatioClaim = { relation: ">", bound: 1 },
  options: BootstrapOptions = {},
): PairedComparison {
  if (!(noise >= 0 && Number.isFinite(noise))) {
    throw new RangeError(
      `Cannot compare with noise floor ${noise}: a fraction of 0 or more -> measure it with noiseFloor`,
    );
  }
  if (!(claim.bound > 0 && Number.isFinite(claim.bound))) {
    throw new RangeError(`Cannot judge a ratio against ${claim.bound}: ratios are above 0 -> try 1`);
  }
  const ratios = pairedRatios(a, b);
  const interval = medianInterval(ratios, options);
  const verdict = ratios.length < MIN_PAIRS ? "inconclusive" : judge(interval, noise, claim);
  const reason = explain(verdict, ratios.length, interval, noise, claim);
  return {
    n: ratios.length,
    ratios,
    medianRatio: median(ratios),
    ...interval,
    noise,
    claim,
    verdict,
    reason,
  };
}

function judge({ low, high }: Interval, noise: number, { relation, bound }: RatioClaim): Verdict {
  const above = low > bound * (1 + noise);
  const below = high < bound / (1 + noise);
  if (relation === ">" ? above : below) return "supports";
  if (relation === ">" ? below : above) return "contradicts";
  return "inconclusive";
}

function explain(
  verdict: Verdict,
  n: number,
  { low, high }: Interval,
  noise: number,
  claim: RatioClaim,
): string {
  const tested = `a / b ${claim.relation} ${claim.bound}, noise floor ${Number((noise * 100).toPrecision(2))} %`;
  if (n < MIN_PAIRS) return `inconclusive: ${tested}; ${n} pairs are fewer than ${MIN_PAIRS}`;
  const range = `95 % interval ${low.toPrecision(4)} to ${high.toPrecision(4)}`;
  const outcome = {
    supports: "lies wholly on the claimed side",
    contradicts: "lies wholly on the other side",
    inconclusive: "is not clear of the bound by more than the noise",
  }[verdict];
  return `${verdict}: ${tested}; ${range} ${outcome}`;
}
