// Exercises of notebook 51, one file each in the folder of that name.
import type { Exercise } from "../types.js";
import { quota } from "./51-verdicts/quota.js";

export { quota } from "./51-verdicts/quota.js";

/** In the order of the notebook. */
export const verdictExercises: readonly Exercise<unknown>[] = [quota as Exercise<unknown>];
