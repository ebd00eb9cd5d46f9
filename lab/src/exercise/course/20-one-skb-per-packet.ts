// Exercises of notebook 20-one-skb-per-packet.
import type { Exercise } from "../types.js";
import { predictTheCounts } from "./20-one-skb-per-packet/predict-the-counts.js";
import { neverDies } from "./20-one-skb-per-packet/the-buffer-that-never-dies.js";

/** In the order of the notebook. */
export const skbExercises: readonly Exercise<never>[] = [predictTheCounts, neverDies];
export type {
  CountedProgram,
  SkbFate,
  SkbFatePredictions,
} from "./20-one-skb-per-packet/predict-the-counts.js";
export type { FindImmortal, SkbTraceEvent } from "./20-one-skb-per-packet/the-buffer-that-never-dies.js";
export { neverDies, predictTheCounts };
