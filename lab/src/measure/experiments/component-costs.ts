// What a packet is worth depends on what the parts of its handling cost: entering the kernel, waiting for memory, taking
// a lock, copying. Each is measured alone and in the best case, so what is drawn inside a budget is a lower limit.
import { MAX_FRAME_BYTES } from "../../base/index.js";
import { unmap } from "../../sys/index.js";
import type { Experiment } from "../experiment.js";
import { type Cost, interleave } from "../interleave.js";
import { kernelVariant, pointerRing } from "../kernel-variants.js";

/** How often to measure, and what counts as far away. */
export interface ComponentCostsParams {
  /** Figures of each kind, 10 or more. */
  readonly rounds: number;
  /** Memory in which nearly every access misses: far more than the last-level cache holds. */
  readonly farBytes: number;
  /** Memory that stays in the first-level cache. */
  readonly nearBytes: number;
}

/** What the parts of handling a packet cost. */
export interface ComponentCostsOutcome {
  readonly syscall: Cost;
  /** The figure that is guessed. */
  readonly cacheMiss: Cost;
  readonly cacheHit: Cost;
  readonly atomic: Cost;
  readonly lockPair: Cost;
  /** A full frame, from cache to cache. */
  readonly frameCopy: Cost;
}

const experiment: Experiment<ComponentCostsParams, ComponentCostsOutcome> = {
  name: "component-costs",
  module: import.meta.url,
  question: "What do the parts of handling a packet cost, each alone?",
  needs: ["quiet", "compiled"],
  unit: "ns",
  defaults: { rounds: 30, farBytes: 128 * 1024 * 1024, nearBytes: 16 * 1024 },
  unseen: [
    "how much of a cache miss is the walk through the page tables: the memory is far larger than the TLB reaches",
    "a lock or a counter that another core wants too: its cache line would travel",
    "copying from memory that is not in the cache: add a cache miss for its first lines",
    "misses that overlap: each access here waits for the one before",
  ],
  headline: (outcome) => outcome.cacheMiss.ns,
  async run({ rounds, farBytes, nearBytes }, context) {
    const far = pointerRing(farBytes);
    context.onClose(() => unmap(far));
    const near = pointerRing(nearBytes);
    context.onClose(() => unmap(near));
    await context.breathe();
    const variants = {
      syscall: kernelVariant("syscallGetppid", "system call"),
      cacheMiss: kernelVariant("pointerChase", "cache miss", far.address),
      cacheHit: kernelVariant("pointerChase", "first-level hit", near.address),
      atomic: kernelVariant("atomicAdd", "locked operation"),
      lockPair: kernelVariant("spinlockPair", "lock and unlock"),
      frameCopy: kernelVariant("memoryCopy", `copy of ${MAX_FRAME_BYTES} B`, MAX_FRAME_BYTES),
    };
    return interleave(variants, rounds, context);
  },
};
export default experiment;
