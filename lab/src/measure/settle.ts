// A stack in JavaScript gets faster for a while: V8 compiles a function for good only once it was called often. In one run the first 20 ms
// of our TCP's stream went at 0.4 Gbit/s, and 300 ms later it held 3.4; lwIP, in C, had between 1.8 and 3.6 from the beginning. V8
// counts calls, not time: the first 300 short connections took 430 µs of user time each, and it needed 3000 of them to come down to 60 to 80.
// A server runs for days, so what is compared is the speed that they keep.
import type { Context } from "./experiment.js";
import type { Variant } from "./interleave.js";

/** Of each variant, alike for all: a fixed time and a fixed number that were enough, where measuring rule 9 would discard until two blocks agree. */
const SETTLE_MS = 500;
const SETTLE_OPERATIONS = 5000;
const BREATH_MS = 20;

/** Runs every variant for a while and throws the times away. */
export async function settle(variants: Readonly<Record<string, Variant>>, context: Context): Promise<void> {
  for (const variant of new Set(Object.values(variants))) {
    context.progress(0, `warming up ${variant.name}`);
    const endMs = performance.now() + SETTLE_MS;
    let left = SETTLE_OPERATIONS;
    while (performance.now() < endMs || left > 0) {
      for (const turnMs = performance.now() + BREATH_MS; performance.now() < turnMs; ) {
        variant.batch(1);
        left -= variant.operations ?? 1;
      }
      await context.breathe();
    }
  }
}
