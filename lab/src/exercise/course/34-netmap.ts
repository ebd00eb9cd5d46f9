// Exercises of notebook 34-netmap.
import type { Exercise } from "../types.js";
import { lendingReceiver } from "./34-netmap/lending-receiver.js";
import { zeroCopySwap } from "./34-netmap/zero-copy-swap.js";

/** In the order of the notebook. */
export const netmapExercises: readonly Exercise<never>[] = [lendingReceiver, zeroCopySwap];
export type { LendingReceiver } from "./34-netmap/lending-receiver.js";
export type { ZeroCopySwap } from "./34-netmap/zero-copy-swap.js";
export { lendingReceiver, zeroCopySwap };
