// A stack in JavaScript gets faster for a while: V8 compiles a function for good only once it was called often. Our TCP's first 20 ms
// of a stream ran at 0.4 Gbit/s, and it took 300 ms to reach the 3.4 that it then held, while lwIP in C had its 3.6 at once.
// A server runs for days, so what is compared is the speed that they keep.
import type { Context } from "./experiment.js";
import type { Variant } from "./interleave.js";

/** Of each variant, alike for all. @source measuring rule 9: discard blocks until two agree */
const SETTLE_MS = 500;
const BREATH_MS = 20;

/** Runs every variant for a while and throws the times away. */
export async function settle(variants: Readonly<Record<string, Variant>>, context: Context): Promise<void> {
  for (const variant of new Set(Object.values(variants))) {
    context.progress(0, `warming up ${variant.name}`);
    const endMs = performance.now() + SETTLE_MS;
    while (performance.now() < endMs) {
      for (const turnMs = performance.now() + BREATH_MS; performance.now() < turnMs; ) variant.batch(1);
      await context.breathe();
    }
  }
}
