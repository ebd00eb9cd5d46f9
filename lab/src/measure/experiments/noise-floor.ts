// The same thing against itself: whatever differs is the machine, and no smaller difference will ever mean anything here.
import { medianInterval, noiseFloor as noiseFloorOf, pairedRatios } from "../../stats/index.js";
import type { KernelName } from "../../sys/index.js";
import type { Experiment } from "../experiment.js";
import { type Cost, interleave } from "../interleave.js";
import { kernelVariant } from "../kernel-variants.js";

/** What is held against itself. */
export interface NoiseFloorParams {
  readonly kernel: KernelName;
  /** What its C source takes beside the number of iterations. */
  readonly parameters: readonly number[];
  /** 10 or more. */
  readonly pairs: number;
}

/** How far identical runs were apart. */
export interface NoiseFloorOutcome {
  readonly first: Cost;
  readonly second: Cost;
  /** first / second, pair by pair. */
  readonly ratios: readonly number[];
  /** 95 % interval of the median ratio. */
  readonly low: number;
  readonly high: number;
  /** The farthest that interval reaches from 1, in per cent: the figure that is guessed. */
  readonly noisePercent: number;
}

const experiment: Experiment<NoiseFloorParams, NoiseFloorOutcome> = {
  name: "noise-floor",
  module: import.meta.url,
  question: "How different does the same thing look from itself?",
  needs: ["quiet"],
  unit: "%",
  defaults: { kernel: "syscallGetppid", parameters: [], pairs: 30 },
  unseen: ["differences that both runs of a pair share, e.g. a CPU that runs slower for minutes"],
  headline: (outcome) => outcome.noisePercent,
  async run({ kernel, parameters, pairs }, context) {
    const variant = kernelVariant(kernel, kernel, ...parameters);
    const costs = await interleave({ first: variant, second: variant }, pairs, context);
    const [first, second] = [costs.first.samplesNs, costs.second.samplesNs];
    const ratios = pairedRatios(first, second);
    return { ...costs, ratios, ...medianInterval(ratios), noisePercent: noiseFloorOf(first, second) * 100 };
  },
};
export default experiment;
