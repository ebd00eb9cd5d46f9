// Is our figure for a system call right, and the one for a context switch? Another program, written by others, measures the same:
// perf's own benchmarks (tools/perf/bench/syscall.c calls getppid in a loop, sched-pipe.c sends a word to and fro between two
// threads). They take turns.
import { noiseFloor, type PairedComparison, pairedComparison } from "../../stats/index.js";
import type { Context, Experiment } from "../experiment.js";
import { type Cost, interleave, type Variant } from "../interleave.js";
import { kernelVariant } from "../kernel-variants.js";
import { perfVariant } from "../perf-bench.js";

/** How often to measure. */
export interface SyscallAgainstPerfParams {
  /** 10 or more. */
  readonly rounds: number;
}

/** One thing by both, in ns. */
export interface AgainstPerf {
  readonly ours: Cost;
  readonly perf: Cost;
  /** Ours over perf's: 1 where both agree. */
  readonly ratio: PairedComparison;
}

/** The figure that is guessed is the system call's ratio. */
export interface SyscallAgainstPerfOutcome {
  /** One getppid. */
  readonly syscall: AgainstPerf;
  /** One round trip through two pipes, both threads on one CPU: two context switches. */
  readonly roundTrip: AgainstPerf;
}

const PERF_CALLS = 200_000;
const PERF_ROUND_TRIPS = 8000;

async function compare(ours: Variant, perf: Variant, rounds: number, context: Context): Promise<AgainstPerf> {
  const costs = await interleave({ ours, again: ours, perf }, rounds, context);
  const noise = noiseFloor(costs.ours.samplesNs, costs.again.samplesNs);
  return {
    ours: costs.ours,
    perf: costs.perf,
    ratio: pairedComparison(costs.ours.samplesNs, costs.perf.samplesNs, noise),
  };
}

const experiment: Experiment<SyscallAgainstPerfParams, SyscallAgainstPerfOutcome> = {
  name: "syscall-against-perf",
  module: import.meta.url,
  question: "Does perf find the same price for a system call and for a context switch?",
  needs: ["quiet", "compiled"],
  unit: "×",
  defaults: { rounds: 20 },
  unseen: ["system calls that do more than getppid", "a switch between processes, or to another CPU"],
  headline: ({ syscall }) => syscall.ratio.medianRatio,
  async run({ rounds }, context) {
    const { cpu } = context;
    return {
      syscall: await compare(
        kernelVariant("syscallGetppid", "our loop in C"),
        perfVariant(["syscall", "basic"], PERF_CALLS),
        rounds,
        context,
      ),
      roundTrip: await compare(
        kernelVariant("pipePingPong", "our round trip through pipes", cpu, cpu),
        perfVariant(["sched", "pipe"], PERF_ROUND_TRIPS, ["-T"]),
        rounds,
        context,
      ),
    };
  },
};
export default experiment;
