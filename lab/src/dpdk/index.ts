/**
 * dpdk: what does a program receive that owns its port and never sleeps?
 *
 * Read `command-line.ts` first (how DPDK's testpmd is started without hugepages and PCI), then `testpmd.ts`; notebook 35
 * stands on it. Left out: writing DPDK applications, hugepages, NICs with a DPDK driver of their own.
 */
export type { PortDriver, TestpmdSpec } from "./command-line.js";
export { openPortLosses, type PortLoss, type PortLosses } from "./port-losses.js";
export { type PortStats, parsePortStats } from "./port-stats.js";
export { Testpmd } from "./testpmd.js";
