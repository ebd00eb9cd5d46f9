// What a packet's time is spent on, piece by piece: the prices to lay into the budget that the wire leaves.
import { cacheSizes } from "../cache-sizes.js";
import type { Experiment } from "../experiment.js";
import { type Cost, interleave } from "../interleave.js";
import { contextSwitchVariant, kernelVariant, pointerRing } from "../kernel-variants.js";

/** How often to measure. */
export interface ComponentCostsParams {
  /** Figures of each component, 10 or more. */
  readonly rounds: number;
}

/** The components. */
export type Component =
  | "functionCall"
  | "l1Hit"
  | "l2Hit"
  | "cacheMiss"
  | "atomicAdd"
  | "spinlockPair"
  | "copy64"
  | "copy1500"
  | "vdsoClock"
  | "syscall"
  | "contextSwitch";

/** What each component costs. The figure that is guessed is `cacheMiss`. */
export type ComponentCostsOutcome = Readonly<Record<Component, Cost>>;

/** Large enough that nearly every step misses the last level too. */
const MISS_BYTES = 128 << 20;

const experiment: Experiment<ComponentCostsParams, ComponentCostsOutcome> = {
  name: "component-costs",
  module: import.meta.url,
  question: "What do the pieces of packet processing cost?",
  needs: ["quiet"],
  unit: "ns",
  defaults: { rounds: 20 },
  unseen: [
    "how much of a cache miss is the page walk: the ring is far larger than the TLB reaches",
    "the same work overlapped: every step here waits for the one before, real code does several at once",
  ],
  headline: (outcome) => outcome.cacheMiss.ns,
  run({ rounds }, context) {
    const caches = cacheSizes();
    for (const level of ["l1", "l2", "last"] as const) context.note(`${level}CacheBytes`, caches[level]);
    context.note("cacheSizesKnown", caches.known);
    const chase = (name: string, bytes: number) =>
      kernelVariant("pointerChase", name, pointerRing(bytes).address);
    const variants = {
      functionCall: kernelVariant("functionCall", "function call"),
      l1Hit: chase("L1 cache hit", caches.l1 / 2),
      l2Hit: chase("L2 cache hit", caches.l2 / 2),
      cacheMiss: chase("cache miss", MISS_BYTES),
      atomicAdd: kernelVariant("atomicAdd", "locked operation"),
      spinlockPair: kernelVariant("spinlockPair", "spin lock and unlock"),
      copy64: kernelVariant("memoryCopy", "copy 64 B", 64),
      copy1500: kernelVariant("memoryCopy", "copy 1500 B", 1500),
      vdsoClock: kernelVariant("vdsoClock", "clock by vDSO"),
      syscall: kernelVariant("syscallGetppid", "system call"),
      contextSwitch: contextSwitchVariant(),
    };
    return interleave(variants, rounds, context);
  },
};
export default experiment;
