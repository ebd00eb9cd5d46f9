// One load of injected frames over an open path: the far end is told, the injector offers, and then everybody waits until each packet
// has come or is known to be lost.
import type { Injection } from "../net/index.js";
import { monotonicNs, performanceMs, threadCpuNs } from "../sys/index.js";
import type { FarEnd } from "./far-end.js";
import { flowControl } from "./flow-control.js";
import type { Load, Offered } from "./run.js";
import type { Stage } from "./stage.js";
import { turnsOf } from "./turns.js";

/** A first packet is due so long after the run began, so that everyone is ready. */
const LEAD_NS = 2e6;
/** How long packets may be on their way after the last one was offered, and how long nothing must come, in ms. */
const SETTLE_MS = 2000;
const QUIET_MS = 20;
/** The same for a far end that cannot say that it looked: on a busy machine it may not have had its turn. */
const LONG_QUIET_MS = 200;

const never = new Int32Array(new SharedArrayBuffer(4));

/**
 * Offers a load.
 *
 * @throws the signal's reason once it is aborted; RangeError for turns of two CPUs.
 */
export async function offerFrames(stage: Stage, load: Load, signal: AbortSignal): Promise<Offered> {
  const { far, injector } = stage;
  const { frames = Number.POSITIVE_INFINITY, ratePps, seconds, inFlight, inTurns } = load;
  const isPaced = ratePps !== undefined && Number.isFinite(ratePps);
  await far.wake?.();
  const startNs = monotonicNs() + LEAD_NS;
  const turns = inTurns === true ? turnsOf(stage) : null;
  const expectation = { first: injector.offered, startNs, intervalNs: isPaced ? 1e9 / ratePps : 0 };
  await (turns === null ? far.begin(expectation) : turns.begin(expectation));
  const cpuBefore = threadCpuNs();
  const began = performance.now();
  const injection: Injection = await injector.inject(frames, {
    ...(ratePps !== undefined && { ratePps }),
    ...(seconds !== undefined && { seconds }),
    ...(isPaced && { startMs: performanceMs(startNs) }),
    ...(inFlight !== undefined && { allow: flowControl(far, inFlight) }),
    ...(turns !== null && { allow: turns.allow }),
    signal,
  });
  turns?.end(injection.arrived);
  await far.refresh?.();
  const meanwhile = far.received() / ((performance.now() - began) / 1000);
  const injectorCpuNs = threadCpuNs() - cpuBefore;
  await settle(far, injection.arrived);
  return { injection, report: await far.finish(), meanwhile, injectorCpuNs };
}

/** Waits until all has come; or until the consumer has looked twice, in vain, after nothing came for a while. */
async function settle(far: FarEnd, arrived: number): Promise<void> {
  const deadline = performance.now() + SETTLE_MS;
  let last = { received: -1, atMs: 0, looks: 0 };
  while (performance.now() < deadline) {
    const received = far.received();
    const looks = far.emptyLooks();
    if (received >= arrived) return;
    if (received !== last.received) last = { received, atMs: performance.now(), looks: looks ?? 0 };
    const quietMs = performance.now() - last.atMs;
    if (looks === null && quietMs > LONG_QUIET_MS) return;
    if (looks !== null && ((looks - last.looks) | 0) >= 2 && quietMs > QUIET_MS) return;
    Atomics.wait(never, 0, 0, 1);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
