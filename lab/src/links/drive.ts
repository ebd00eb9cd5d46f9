// A stack does nothing by itself: somebody has to poll it. This polls without pause, which is what kernel
// bypass means, and lets the rest of the process have its turn in between.
import { setImmediate as turn } from "node:timers/promises";
import type { NetworkStack } from "../stack/index.js";

/** How long it may poll before others have a turn, in ms. */
const SLICE_MS = 2;

/**
 * Polls a stack until a condition holds.
 *
 * @param until asked after every poll; it is where the application does its work
 * @param limitMs longest wait
 * @returns Whether it came to hold in time.
 */
export async function driveStack(
  stack: Pick<NetworkStack, "poll">,
  until: () => boolean,
  limitMs: number,
): Promise<boolean> {
  const endMs = performance.now() + limitMs;
  for (;;) {
    const sliceMs = performance.now() + SLICE_MS;
    do {
      stack.poll();
      if (until()) return true;
    } while (performance.now() < sliceMs);
    if (performance.now() > endMs) return until();
    await turn();
  }
}
