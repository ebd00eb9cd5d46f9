// A path whose loop runs in C: everything is set up as for TypeScript, and then one call receives for some 5 ms. It is what the
// TypeScript path is compared with.
import type { Receiver } from "./path.js";
import { type Sink, SLOT } from "./sink.js";

/** Turns of a C loop in one call; each takes 5 ms at most. */
export const ONE_TURN = 1;

/**
 * Makes a receiver of a C loop.
 *
 * @param own the same path in TypeScript, open; its loop is not used
 * @param turn runs the loop once: it writes its counts into the sink's memory
 */
export function nativeTwin(own: Receiver, turn: (sink: Sink, waitMs: number) => void): Receiver {
  const taken = ({ counts }: Sink): number => counts[SLOT.packets] + counts[SLOT.foreign];
  return {
    receive(sink, waitMs) {
      const before = taken(sink);
      turn(sink, waitMs);
      return taken(sink) - before;
    },
    drops: () => own.drops(),
    ...(own.helperCpuNs && { helperCpuNs: () => own.helperCpuNs!() }),
    ...(own.helperCpu && { helperCpu: () => own.helperCpu!() }),
    close: () => own.close(),
  };
}
