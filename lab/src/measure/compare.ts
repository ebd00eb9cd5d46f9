import {
  noiseFloor as floorOf,
  type PairedComparison,
  pairedComparison,
  type RatioClaim,
} from "../stats/index.js";
import type { Context } from "./experiment.js";
import { type Cost, interleave, type Variant } from "./interleave.js";

/** Two variants side by side, judged against the noise of the same run. */
export interface Comparison {
  readonly a: Cost;
  readonly b: Cost;
  /** `a` once more, as a variant of its own: what differs between it and `a` is noise. */
  readonly again: Cost;
  /** Ratios a / b with median, interval, noise floor and verdict. */
  readonly result: PairedComparison;
}

/**
 * Compares two variants in interleaved pairs, with the A/A noise floor taken in the same rounds.
 *
 * @param pairs 10 or more; fewer are always inconclusive
 * @param claim what is judged, e.g. `{ relation: ">", bound: 1 }`
 */
export async function comparePairs(
  a: Variant,
  b: Variant,
  pairs: number,
  claim: RatioClaim,
  context: Context,
): Promise<Comparison> {
  const costs = await interleave({ a, b, again: { ...a, name: `${a.name}, again` } }, pairs, context);
  const noise = floorOf(costs.a.samplesNs, costs.again.samplesNs);
  return { ...costs, result: pairedComparison(costs.a.samplesNs, costs.b.samplesNs, noise, claim) };
}
