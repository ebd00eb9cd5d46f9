// What cells measure of the machine itself: notebooks 00 and 02.
import cacheLadderExperiment, {
  type CacheLadderOutcome,
  type CacheLadderParams,
} from "../experiments/cache-ladder.js";
import componentCostsExperiment, {
  type ComponentCostsOutcome,
  type ComponentCostsParams,
} from "../experiments/component-costs.js";
import noiseFloorExperiment, {
  type NoiseFloorOutcome,
  type NoiseFloorParams,
} from "../experiments/noise-floor.js";
import type { Result } from "../result.js";
import { type Options, runExperiment } from "../run.js";

/**
 * How different does the same thing look from itself on this machine now? About 2 s.
 *
 * @param options `guess` for that difference, in %
 */
export function noiseFloor(options: Options<NoiseFloorParams>): Promise<Result<NoiseFloorOutcome>> {
  return runExperiment(noiseFloorExperiment, options);
}

/**
 * What do the pieces of packet processing cost: cache hit and miss, lock, copy, system call? About 3 s.
 *
 * @param options `guess` for one cache miss, in ns
 */
export function componentCosts(
  options: Options<ComponentCostsParams>,
): Promise<Result<ComponentCostsOutcome>> {
  return runExperiment(componentCostsExperiment, options);
}

/**
 * What does a memory access cost, by how much memory is walked, and a copy, by where its bytes were? Takes about 3 s.
 *
 * @param options `guess` for one access in the largest memory, in ns
 */
export function cacheLadder(options: Options<CacheLadderParams>): Promise<Result<CacheLadderOutcome>> {
  return runExperiment(cacheLadderExperiment, options);
}
