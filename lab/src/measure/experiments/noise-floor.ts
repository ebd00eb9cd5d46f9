// The same code against itself: whatever differs is the machine, not the code. Measured twice, in turns and one after
// the other, since how one measures decides how much of the machine's mood ends up in the answer.
import { noiseFloor, type PairedComparison, pairedComparison } from "../../stats/index.js";
import type { KernelName } from "../../sys/index.js";
import type { Experiment } from "../experiment.js";
import { type Cost, interleave } from "../interleave.js";
import { kernelVariant } from "../kernel-variants.js";

/** What is measured against itself, and how often. */
export interface NoiseFloorParams {
  /** A kernel that takes no further arguments. */
  readonly kernel: KernelName;
  /** 10 or more. */
  readonly pairs: number;
}

/** The same code against itself, in two ways. */
export interface NoiseFloorOutcome {
  /** Both took turns within each round. */
  readonly inTurns: PairedComparison;
  /** First all runs of one, then all runs of the other. */
  readonly oneAfterTheOther: PairedComparison;
  /** The figure that is guessed: noise of `inTurns` in percent. */
  readonly noisePercent: number;
}

/** Nobody claims that code is dearer than itself: the verdict should be "inconclusive", and is shown. */
const CLAIM = { relation: ">", bound: 1 } as const;

const experiment: Experiment<NoiseFloorParams, NoiseFloorOutcome> = {
  name: "noise-floor",
  module: import.meta.url,
  question: "How far does identical code seem to differ from itself?",
  needs: ["quiet", "compiled"],
  unit: "%",
  defaults: { kernel: "syscallGetppid", pairs: 40 },
  unseen: ["changes that take minutes: a neighbour who comes and goes, a clock that slows down in the heat"],
  headline: (outcome) => outcome.noisePercent,
  async run({ kernel, pairs }, context) {
    const variant = kernelVariant(kernel, kernel);
    const turns = await interleave({ first: variant, second: variant }, pairs, context);
    const { first } = await interleave({ first: variant }, pairs, context);
    const { second } = await interleave({ second: variant }, pairs, context);
    const inTurns = compare(turns.first, turns.second);
    const oneAfterTheOther = compare(first, second);
    return { inTurns, oneAfterTheOther, noisePercent: inTurns.noise * 100 };
  },
};
export default experiment;

function compare(first: Cost, second: Cost): PairedComparison {
  const [a, b] = [first.samplesNs, second.samplesNs];
  return pairedComparison(a, b, noiseFloor(a, b), CLAIM);
}
