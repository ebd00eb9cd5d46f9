// Exercises of notebook 14-sockets-and-cores.
import type { Exercise } from "../types.js";
import { selector } from "./14-sockets-and-cores/selector.js";
import { stealRuleExercise } from "./14-sockets-and-cores/steal-rule.js";

/** In the order of the notebook. */
export const coreExercises: readonly Exercise<never>[] = [selector, stealRuleExercise];
export type { StealRule } from "./14-sockets-and-cores/steal-rule.js";
export { selector, stealRuleExercise };
