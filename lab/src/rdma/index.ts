/**
 * rdma: how does a program write into another's memory, with nobody at home there?
 *
 * Read `device.ts` first, then `queue-pair.ts`; `layout.ts` has the structures of libibverbs, `wire.ts` makes devices where there is
 * no card (soft-RoCE), in one network namespace or in two, and notebook 36 stands on it. Left out: connection managers, atomics, datagrams, shared receive queues,
 * completion events: whoever waits here, looks.
 */
export type { RdmaCompletion, RdmaCompletionKind, RdmaCompletionStatus } from "./completion.js";
export { packetsOf, type RdmaCounters } from "./counters.js";
export { openWireSocket, type WireSocket } from "./datagrams.js";
export { openRdma, type RdmaDevice, rdmaDevices } from "./device.js";
export { atEnd, type RdmaEnd } from "./end.js";
export { VERBS_LAYOUTS, type VerbsLayout } from "./layout.js";
export { type PerftestProgram, type PerftestSpec, parsePerftest, runPerftest } from "./perftest.js";
export type { QueuePair } from "./queue-pair.js";
export type { RegisteredMemory, RemoteRight } from "./region.js";
export type { LocalMemory, RemoteMemory } from "./request.js";
export { nextCompletion, openRdmaSession, type RdmaSession, type RdmaSessionSpec } from "./session.js";
export type { QueuePairState, RdmaPeer } from "./state.js";
export { RdmaTarget, type RdmaTargetSpec } from "./target.js";
export { RdmaWire } from "./wire.js";
