// The machine's own clock, for a stack on a real wire.
import type { Clock } from "../stack/index.js";

/** Milliseconds since the process began. */
export const machineClock: Clock = { nowMs: () => performance.now() };
