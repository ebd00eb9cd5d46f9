// A system call's price does not end when it returns: it used the caches, so the program's own memory accesses are
// slower for a while. Only those are timed here, after no call, after one, after several.
import { cacheSizes } from "../cache-sizes.js";
import type { Experiment } from "../experiment.js";
import { type Cost, interleave, type Variant } from "../interleave.js";
import { kernelVariant, pointerRing } from "../kernel-variants.js";

const LINE_BYTES = 64;

/** After how many calls, how often. */
export interface PollutionParams {
  /** System calls before each walk; the first is what the others are held against, so 0. */
  readonly calls: readonly number[];
  /** Figures of each, 10 or more. */
  readonly rounds: number;
}

/** The walk after some number of calls. */
export interface PollutionPoint {
  readonly calls: number;
  /** Cost of one memory access of the walk, in the user's own code alone. */
  readonly access: Cost;
  /** Access against that after the first number of calls. */
  readonly slowdown: number;
  /** What the whole walk lost, in ns. */
  readonly lostNs: number;
}

/** The walks. The figure that is guessed is the slowdown after one call, or after the fewest above none. */
export interface PollutionOutcome {
  /** Cache lines of a walk: half the first-level cache. */
  readonly lines: number;
  readonly points: readonly PollutionPoint[];
}

const experiment: Experiment<PollutionParams, PollutionOutcome> = {
  name: "pollution",
  module: import.meta.url,
  question: "How much slower does a program run after a system call?",
  needs: ["quiet", "compiled"],
  unit: "×",
  defaults: { calls: [0, 1, 2, 4, 8, 16], rounds: 20 },
  unseen: [
    "the walk contains one reading of the clock, about a tenth of it, whatever the number of calls",
    "how much of the slowdown is data cache and how much TLB or prediction: that takes a PMU",
    "what other system calls leave behind: this one is pwrite(2) of 1 kB to a file in memory",
  ],
  headline: ({ points }) => points[1]!.slowdown,
  async run({ calls, rounds }, context) {
    if (calls.length < 2) {
      throw new RangeError(
        `Cannot compare walks after ${calls.length} numbers of calls: it takes two or more -> try [0, 1, 16]`,
      );
    }
    const bytes = cacheSizes().l1 / 2;
    const lines = bytes / LINE_BYTES;
    const { address } = pointerRing(bytes);
    const variants: Record<string, Variant> = {};
    for (const count of calls) {
      const probe = kernelVariant("pollutionProbe", `after ${count} calls`, address, lines, count);
      variants[`after ${count}`] = { ...probe, operations: lines };
    }
    const costs = await interleave(variants, rounds, context);
    return { lines, points: calls.map((count) => pointOf(count, costs[`after ${count}`]!, lines)) };

    function pointOf(count: number, access: Cost, walked: number): PollutionPoint {
      const clean = costs[`after ${calls[0]}`]!.ns;
      return { calls: count, access, slowdown: access.ns / clean, lostNs: (access.ns - clean) * walked };
    }
  },
};
export default experiment;
