// Exercises of notebook 02-packet-budgets.
import type { Exercise } from "../types.js";
import { cacheMissesAt200G } from "./02-packet-budgets/cache-misses-at-200g.js";
import { derive1538 } from "./02-packet-budgets/derive-1538.js";

/** In the order of the notebook. */
export const packetBudgetExercises: readonly Exercise<never>[] = [derive1538, cacheMissesAt200G];
export type { MissCounter } from "./02-packet-budgets/cache-misses-at-200g.js";
export type { WireDerivation, WirePicture } from "./02-packet-budgets/derive-1538.js";
export { cacheMissesAt200G, derive1538 };
