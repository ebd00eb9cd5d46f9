// The machine's own clock, for a stack on a real wire.
import type { Clock } from "../stack/index.js";
import { monotonicClock } from "../sys/index.js";

let now: (() => number) | null = null;

/** Milliseconds since the process began. */
export const machineClock: Clock = {
  nowMs() {
    now ??= monotonicClock();
    return now();
  },
};
