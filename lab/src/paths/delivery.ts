// Before anything is measured a few packets are sent and must come: on a wire that delivers nothing every figure is quick and void.
import type { HopCount } from "./path.js";

/** Packets of the probe. */
export const PROBES = 16;

/** @param received of `PROBES` @throws Error naming the hop that lost the others */
export function checkProbes(title: string, received: number, losses: readonly HopCount[]): void {
  if (received === PROBES) return;
  const [loss] = losses;
  throw new Error(
    `Cannot use ${title}: ${received} of ${PROBES} probe packets came, ${loss?.hop ?? "no hop counted the others"} -> ${loss?.next ?? "look at the counters of both ends: ethtool -S"}`,
  );
}
