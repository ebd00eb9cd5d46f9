// Is our figure for a system call right? Another program, written by others, measures the same call: perf's own benchmark
// (tools/perf/bench/syscall.c calls getppid in a loop, too). They take turns.
import { execFileSync } from "node:child_process";
import { NotSupportedError } from "../../base/index.js";
import { noiseFloor, type PairedComparison, pairedComparison } from "../../stats/index.js";
import type { Experiment } from "../experiment.js";
import { type Cost, interleave, type Variant } from "../interleave.js";
import { kernelVariant } from "../kernel-variants.js";

/** How often to measure. */
export interface SyscallAgainstPerfParams {
  /** 10 or more. */
  readonly rounds: number;
}

/** One getppid, by both, in ns. */
export interface SyscallAgainstPerfOutcome {
  readonly ours: Cost;
  readonly perf: Cost;
  /** Ours over perf's: 1 where both agree. */
  readonly ratio: PairedComparison;
}

/** Some 30 ms; perf does not count its own start. */
const PERF_LOOPS = 200_000;

/** @returns nanoseconds for one call, as perf says it */
function askPerf(): number {
  let text: string;
  try {
    const args = ["bench", "syscall", "basic", "-l", String(PERF_LOOPS)];
    text = execFileSync("perf", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch (error) {
    const found = (error as NodeJS.ErrnoException).code === "ENOENT" ? "no perf" : (error as Error).message;
    throw new NotSupportedError("perf bench syscall", "perf", found, "run sh vm/provision.sh bench");
  }
  const microseconds = /([\d.]+) usecs\/op/.exec(text)?.[1];
  if (microseconds === undefined) {
    throw new NotSupportedError(
      "perf bench syscall",
      "its usual answer",
      JSON.stringify(text),
      "run it by hand",
    );
  }
  return Number(microseconds) * 1000;
}

const perfVariant: Variant = {
  name: "perf bench syscall basic",
  batch: (iterations) => askPerf() * iterations,
};

const experiment: Experiment<SyscallAgainstPerfParams, SyscallAgainstPerfOutcome> = {
  name: "syscall-against-perf",
  module: import.meta.url,
  question: "Does perf find the same price for a system call?",
  needs: ["quiet", "compiled"],
  unit: "×",
  defaults: { rounds: 20 },
  unseen: ["system calls that do more than getppid"],
  headline: ({ ratio }) => ratio.medianRatio,
  async run({ rounds }, context) {
    const ours = kernelVariant("syscallGetppid", "our loop in C");
    const costs = await interleave({ ours, again: ours, perf: perfVariant }, rounds, context);
    const noise = noiseFloor(costs.ours.samplesNs, costs.again.samplesNs);
    const ratio = pairedComparison(costs.ours.samplesNs, costs.perf.samplesNs, noise);
    return { ours: costs.ours, perf: costs.perf, ratio };
  },
};
export default experiment;
