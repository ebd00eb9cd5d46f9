/**
 * connections: what does a new connection cost, and who takes it on which core?
 *
 * Read `design.ts` first, then `stand.ts`; the loops are `kernels/native/accept_*.c` and `connect_load.c`. Notebook
 * 13-batching-and-partitioning compares the designs, 14-sockets-and-cores the cores. Left out: packets (`paths`), TLS, and
 * connections that stay open for long.
 */
export { type CountedRun, countCalls } from "./count-calls.js";
export {
  type DesignFacts,
  type ListenerSharing,
  SERVER_DESIGNS,
  type ServerDesign,
} from "./design.js";
export {
  type ConnectionCounters,
  countersBetween,
  readConnectionCounters,
  timeWaits,
} from "./kernel-counters.js";
export type { LoadSpec, LoadTally } from "./load.js";
export { classicByCpu, type Selection } from "./selection.js";
export type { ServerTally } from "./server.js";
export { type Observe, type RunSpec, type RunTally, Stand, type StandPlaces } from "./stand.js";
export { followFlows, maskText, sendByCpu, steerPackets } from "./steering.js";
