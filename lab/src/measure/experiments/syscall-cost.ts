// A call within the program, a call into the page that the kernel lends every program, and a call into the kernel: three
// crossings, dearer each time. The same system call is made from TypeScript too, to see what the way there costs.
import { libc } from "../../sys/index.js";
import type { Experiment } from "../experiment.js";
import { type Cost, interleave, type Variant } from "../interleave.js";
import { kernelVariant } from "../kernel-variants.js";

/** How often to measure. */
export interface SyscallCostParams {
  /** Figures of each kind, 10 or more. */
  readonly rounds: number;
}

/** What each crossing costs. The figure that is guessed is `syscallGetppid`. */
export type SyscallCostOutcome = Readonly<
  Record<"functionCall" | "vdsoClock" | "forcedClock" | "syscallGetppid" | "koffiGetppid", Cost>
>;

/** getppid called from TypeScript through koffi, as the rest of the lab calls the kernel. */
function koffiGetppid(): Variant {
  const getppid = libc.resolve("int getppid()");
  const batch = (iterations: number): number => {
    const start = process.hrtime.bigint();
    for (let i = 0; i < iterations; i++) getppid();
    return Number(process.hrtime.bigint() - start);
  };
  return { name: "getppid from TypeScript", batch };
}

const experiment: Experiment<SyscallCostParams, SyscallCostOutcome> = {
  name: "syscall-cost",
  module: import.meta.url,
  question: "What does it cost to enter the kernel and come back?",
  needs: ["quiet", "compiled"],
  unit: "ns",
  defaults: { rounds: 30 },
  unseen: ["what the call leaves behind in caches and branch predictors: see measure.pollution"],
  headline: (outcome) => outcome.syscallGetppid.ns,
  run({ rounds }, context) {
    const variants = {
      functionCall: kernelVariant("functionCall", "function call"),
      vdsoClock: kernelVariant("vdsoClock", "clock by vDSO"),
      forcedClock: kernelVariant("forcedClock", "clock by system call"),
      syscallGetppid: kernelVariant("syscallGetppid", "getppid by system call"),
      koffiGetppid: koffiGetppid(),
    };
    return interleave(variants, rounds, context);
  },
};
export default experiment;
