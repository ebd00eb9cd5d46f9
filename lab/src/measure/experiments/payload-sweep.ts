// Does a system call cost by the call or by the byte? write(2) to /dev/null copies nothing whatever its size; a pipe
// copies every byte in and out. Where the two lines part, the copy begins to weigh more than the crossing.
import type { Experiment } from "../experiment.js";
import { type Cost, interleave, type Variant } from "../interleave.js";
import { kernelVariant } from "../kernel-variants.js";

/** Which sizes, how often. */
export interface PayloadSweepParams {
  /** Bytes of a call, each from 1 to 65536. */
  readonly sizes: readonly number[];
  /** Which of the sizes is guessed. */
  readonly guessedBytes: number;
  /** Figures of each size, 10 or more. */
  readonly rounds: number;
}

/** The costs of one size. */
export interface PayloadPoint {
  readonly bytes: number;
  /** write(2) to /dev/null: one call, no copy. */
  readonly writeNull: Cost;
  /** write(2) to a pipe and read(2) from it: two calls, two copies. */
  readonly pipeCopy: Cost;
}

/** Costs by size. */
export interface PayloadSweepOutcome {
  /** The figure that is guessed: the guessed size through the pipe. */
  readonly guessedNs: number;
  readonly points: readonly PayloadPoint[];
}

const experiment: Experiment<PayloadSweepParams, PayloadSweepOutcome> = {
  name: "payload-sweep",
  module: import.meta.url,
  question: "Does a system call cost by the call or by the byte?",
  needs: ["quiet", "compiled"],
  unit: "ns",
  defaults: { sizes: [1, 64, 256, 1024, 1500, 4096, 16_384, 65_536], guessedBytes: 4096, rounds: 15 },
  unseen: [
    "cold buffers: the payload stays in the cache, so a copy of data that was not touched lately costs more",
  ],
  headline: ({ guessedNs }) => guessedNs,
  async run({ sizes, guessedBytes, rounds }, context) {
    if (!sizes.includes(guessedBytes)) {
      throw new RangeError(
        `Cannot guess ${guessedBytes} bytes of a sweep over ${sizes.join(", ")}: not among them -> add it to sizes`,
      );
    }
    const variants: Record<string, Variant> = {};
    for (const bytes of sizes) {
      variants[`null ${bytes}`] = kernelVariant("writeNull", `write ${bytes} B to /dev/null`, bytes);
      variants[`pipe ${bytes}`] = kernelVariant("pipeCopy", `${bytes} B through a pipe`, bytes);
    }
    const costs = await interleave(variants, rounds, context);
    const points = sizes.map((bytes) => ({
      bytes,
      writeNull: costs[`null ${bytes}`]!,
      pipeCopy: costs[`pipe ${bytes}`]!,
    }));
    return { guessedNs: costs[`pipe ${guessedBytes}`]!.ns, points };
  },
};
export default experiment;
