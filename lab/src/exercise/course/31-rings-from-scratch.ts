// Exercises of notebook 31-rings-from-scratch.
import type { Exercise } from "../types.js";
import { findTheBug } from "./31-rings-from-scratch/find-the-bug.js";
import { writeARing } from "./31-rings-from-scratch/write-a-ring.js";

/** In the order of the notebook. */
export const ringExercises: readonly Exercise<never>[] = [writeARing, findTheBug];
export type { BareRing, HandmadeRing, RingMaker } from "./31-rings-from-scratch/bare-ring.js";
export { type BrokenRingName, brokenRings } from "./31-rings-from-scratch/broken-rings.js";
export type { BugProofs } from "./31-rings-from-scratch/find-the-bug.js";
export { type RingRun, type RunTrace, runRing } from "./31-rings-from-scratch/run-ring.js";
export { findTheBug, writeARing };
