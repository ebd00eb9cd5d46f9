// A veth loses injected frames without a word if its peer has no NAPI context. So a wire proves itself first.
import { Injector } from "./injector.js";
import { linkCounters } from "./link-facts.js";
import type { EndSpec } from "./spec.js";
import type { Testbed } from "./testbed.js";

const PROBES = 8;

/** @throws Error naming the wire when not every probe frame arrives. */
export function assertDelivery(testbed: Testbed, from: EndSpec, to: EndSpec): void {
  const before = linkCounters(testbed, to.device, to.host).stats64.rx.packets;
  const injector = new Injector(testbed, from.host);
  try {
    injector.sendNow(PROBES);
  } finally {
    injector.close();
  }
  const arrived = linkCounters(testbed, to.device, to.host).stats64.rx.packets - before;
  if (arrived >= PROBES) return;
  throw new Error(
    `Cannot use the wire ${from.device} -> ${to.device}: ${arrived} of ${PROBES} probe frames arrived; ${to.device} has no NAPI context -> attach an XDP program to it, or turn GRO on: ethtool -K ${to.device} gro on`,
  );
}
