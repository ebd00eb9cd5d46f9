// What must be said of the paths' order by rate.
import type { PathOutcome } from "../measure/index.js";
import type { PathName } from "../paths/index.js";

const RINGS: PathName = "xdp-need-wakeup";
const GENERIC: PathName = "xdp-drop-generic";

/**
 * AF_XDP's receive and a generic drop may tie by rate, where both are there: `test/paths/ordering.live.test.ts` compares these two by cost
 * alone.
 *
 * @returns a sentence with this run's figures, or nothing
 */
export function orderWords(
  paths: readonly Pick<PathOutcome, "name" | "title" | "max" | "oneCpu">[],
): string[] {
  const [rings, generic] = [RINGS, GENERIC].map((wanted) => paths.find(({ name }) => name === wanted));
  if (rings === undefined || generic === undefined) return [];
  const [ringsPps, genericPps] = [rings, generic].map(({ max }) => `${(max.medianPps / 1e6).toFixed(2)}`);
  const rates = `${rings.title} and ${generic.title} may tie by rate, and change places from run to run (here ${ringsPps} and ${genericPps} Mpps): the first needs two CPUs at the same moment, and the cache lines of its rings go between them; the second needs one`;
  if (rings.oneCpu === null || generic.oneCpu === null) return [`${rates}.`];
  const [ringsNs, genericNs] = [rings, generic].map(({ oneCpu }) => oneCpu!.medianNs.toFixed(0));
  return [`${rates}. On one CPU a packet costs them ${ringsNs} and ${genericNs} ns.`];
}
