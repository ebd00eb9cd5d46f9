// Is one of two things really dearer? The measurement kernels run in pairs, beside one of them against itself.
import type { RatioClaim } from "../../stats/index.js";
import type { KernelName } from "../../sys/index.js";
import { type Comparison, comparePairs } from "../compare.js";
import type { Experiment } from "../experiment.js";
import { kernelVariant } from "../kernel-variants.js";

/** What is compared, and what is claimed of a / b. */
export interface CompareKernelsParams extends RatioClaim {
  readonly a: KernelName;
  readonly b: KernelName;
  /** What the C source of `a` takes beside the number of iterations. */
  readonly aParameters: readonly number[];
  readonly bParameters: readonly number[];
  /** 10 or more for a verdict. */
  readonly pairs: number;
}

const experiment: Experiment<CompareKernelsParams, Comparison> = {
  name: "compare-kernels",
  module: import.meta.url,
  question: "How many times dearer is a than b?",
  needs: ["quiet", "compiled"],
  unit: "×",
  defaults: {
    a: "syscallGetppid",
    b: "functionCall",
    aParameters: [],
    bParameters: [],
    relation: ">",
    bound: 1,
    pairs: 30,
  },
  unseen: [],
  headline: (comparison) => comparison.result.medianRatio,
  run({ a, b, aParameters, bParameters, pairs, relation, bound }, context) {
    const variants = [kernelVariant(a, a, ...aParameters), kernelVariant(b, b, ...bParameters)] as const;
    return comparePairs(...variants, pairs, { relation, bound }, context);
  },
};
export default experiment;
