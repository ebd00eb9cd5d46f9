// A path that makes its packets itself takes no load: it is let run for a while, and what it counted by its end is all there was.
import { setTimeout as delay } from "node:timers/promises";
import type { Load, Offered } from "./run.js";
import type { Stage } from "./stage.js";

/** What a probe of it takes, in seconds. */
export const OWN_PROBE: Load = { seconds: 0.01 };

/**
 * Lets such a path run.
 *
 * @returns What it counted, as if that had been offered: nothing can be lost on no wire.
 * @throws RangeError for a load that asks for more than a time; the signal's reason once it is aborted.
 */
export async function runByItself(
  { path, far }: Pick<Stage, "path" | "far">,
  load: Load,
  signal: AbortSignal,
): Promise<Offered> {
  const { seconds, frames, ratePps = Number.POSITIVE_INFINITY, inFlight, inTurns } = load;
  const onlyTime = frames === undefined && inFlight === undefined && inTurns !== true && ratePps === Infinity;
  if (!onlyTime || !(seconds !== undefined && seconds > 0 && Number.isFinite(seconds))) {
    throw new RangeError(
      `Cannot offer ${JSON.stringify(load)} to ${path.title}: it makes its packets itself, as many as it can -> give seconds and nothing else`,
    );
  }
  await far.begin({ first: 0, startNs: 0, intervalNs: 0 });
  await far.refresh?.();
  const before = { packets: far.received(), ms: performance.now() };
  await delay(seconds * 1000, undefined, { signal }).catch(() => signal.throwIfAborted()); // its own error says less
  await far.refresh?.();
  const tookS = (performance.now() - before.ms) / 1000;
  const meanwhile = (far.received() - before.packets) / tookS;
  const report = await far.finish();
  const offered = report.taken.packets;
  const injection = { offered, ratePps: meanwhile, seconds: tookS, losses: [], cpus: [] };
  return { injection, report, meanwhile, injectorCpuNs: 0 };
}
