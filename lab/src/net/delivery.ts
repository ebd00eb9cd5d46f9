// A veth loses injected frames without a word if its peer has no NAPI context. So a wire proves itself first.
import type { Wires } from "./injection.js";
import { Injector } from "./injector.js";
import type { EndSpec } from "./spec.js";
import { VethCounters } from "./veth-counters.js";

const PROBES = 8;
const QUIET_MS = 10;
const DEADLINE_MS = 500;

/** @throws Error naming the wire when not every probe frame arrives. */
export function assertDelivery(wires: Wires, from: EndSpec, to: EndSpec): void {
  const injector = new Injector(wires, from.host);
  try {
    const { arrived, losses } = injector.injectNow(PROBES);
    if (arrived === PROBES) return;
    const [loss] = losses;
    throw new Error(
      `Cannot use the wire ${from.device} -> ${to.device}: ${arrived} of ${PROBES} probe frames arrived, ${loss?.hop} -> ${loss?.next}`,
    );
  } finally {
    injector.close();
  }
}

/** Waits until an end has received nothing for 10 ms, for at most half a second. */
export function waitForQuiet(wires: Wires, end: EndSpec): void {
  const counters = new VethCounters(wires.path(end.host), end.device);
  const never = new Int32Array(new SharedArrayBuffer(4));
  const deadlineMs = performance.now() + DEADLINE_MS;
  let last = -1;
  while (performance.now() < deadlineMs) {
    const { received } = counters.read();
    if (received === last) break;
    last = received;
    Atomics.wait(never, 0, 0, QUIET_MS);
  }
  counters.close();
}
