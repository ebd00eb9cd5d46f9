// Memory is not one price but a staircase: what one access costs depends on how much the program walks through, and what a copy
// costs on where the bytes were. Each size is walked by a chain of pointers, so no access can begin before the last has ended.
import { MAX_FRAME_BYTES } from "../../base/index.js";
import { unmap } from "../../sys/index.js";
import type { Context, Experiment } from "../experiment.js";
import { type Cost, interleave, type Variant } from "../interleave.js";
import { kernelVariant, pointerRing } from "../kernel-variants.js";

/** Which sizes, how often. */
export interface CacheLadderParams {
  /** Bytes of each working set, 128 or more, ascending. */
  readonly sizes: readonly number[];
  /** Lengths that are copied, up to 65536. */
  readonly copies: readonly number[];
  /** Memory out of which the far copies come: far more than the last-level cache holds. */
  readonly farBytes: number;
  /** Figures of each, 10 or more. */
  readonly rounds: number;
}

/** One access in a working set of this size. */
export interface LadderStep {
  readonly bytes: number;
  readonly access: Cost;
}

/** One copy of this length. */
export interface CopyStep {
  readonly bytes: number;
  /** From a buffer that stays in the first-level cache. */
  readonly near: Cost;
  /** From a place that was not touched lately. */
  readonly far: Cost;
}

/** The staircase. The figure that is guessed is the highest step. */
export interface CacheLadderOutcome {
  readonly steps: readonly LadderStep[];
  readonly copies: readonly CopyStep[];
}

const KB = 1024;
const MB = 1024 * KB;

async function run(params: CacheLadderParams, context: Context): Promise<CacheLadderOutcome> {
  const { sizes, copies, farBytes, rounds } = params;
  if (sizes.length === 0)
    throw new RangeError("Cannot walk no memory: no sizes given -> try [16384, 134217728]");
  const ringOf = (bytes: number): number => {
    const memory = pointerRing(bytes);
    context.onClose(() => unmap(memory));
    return memory.address;
  };
  const variants: Record<string, Variant> = {};
  for (const bytes of sizes) {
    variants[`walk ${bytes}`] = kernelVariant("pointerChase", `access in ${bytes} B`, ringOf(bytes));
    await context.breathe();
  }
  const far = ringOf(farBytes);
  for (const bytes of copies) {
    variants[`near ${bytes}`] = kernelVariant("memoryCopy", `copy of ${bytes} B`, bytes);
    variants[`far ${bytes}`] = kernelVariant(
      "copyFromFar",
      `copy of ${bytes} B from afar`,
      far,
      farBytes,
      bytes,
    );
  }
  const costs = await interleave(variants, rounds, context);
  return {
    steps: sizes.map((bytes) => ({ bytes, access: costs[`walk ${bytes}`]! })),
    copies: copies.map((bytes) => ({ bytes, near: costs[`near ${bytes}`]!, far: costs[`far ${bytes}`]! })),
  };
}

const experiment: Experiment<CacheLadderParams, CacheLadderOutcome> = {
  name: "cache-ladder",
  module: import.meta.url,
  question: "What does a memory access cost, by how much memory is walked?",
  needs: ["quiet", "compiled"],
  unit: "ns",
  defaults: {
    sizes: [4 * KB, 16 * KB, 64 * KB, 256 * KB, MB, 4 * MB, 16 * MB, 64 * MB],
    copies: [64, 256, MAX_FRAME_BYTES, 4096],
    farBytes: 128 * MB,
    rounds: 12,
  },
  unseen: [
    "how much of a step is the walk through the page tables: large sets reach beyond the TLB",
    "accesses that overlap: each here waits for the one before",
  ],
  headline: ({ steps }) => steps.at(-1)!.access.ns,
  run,
};
export default experiment;
