/**
 * trace: exactly which events did that cause in the kernel, and which could not be seen?
 *
 * Read `start.ts` first, then `skbs.ts` and `skb-report.ts`; the programs are `kernels/bpf/trace_*.bpf.c`. Notebook
 * 20-one-skb-per-packet counts socket buffers with it, 11 and 33 system calls, 52 frames that no counter
 * knows; 10 writes an exchange down in order (`timeline.ts`); 50 follows single packets (`packets.ts`). Left out: rates and times, for
 * tracing slows what it watches.
 */
export type { TraceSpec } from "./counters.js";
export type { Contention, LockWaits } from "./locks.js";
export type { NapiPolls } from "./napi.js";
export { packetFigure } from "./packet-topology.js";
export {
  describeWay,
  type PacketPlace,
  type PacketStep,
  type PacketWay,
  type TracedProgram,
} from "./packet-way.js";
export { type PacketTracer, type PacketTraceSpec, type PacketWays, tracePackets } from "./packets.js";
export type { Redirects } from "./redirects.js";
export { type SkbCache, skbCaches } from "./skb-caches.js";
export { nameBirths, type SkbFates, type SkbWindow, type SlabCounts, type SlabSite } from "./skb-report.js";
export { dropReason, type SkbUncounted } from "./skbs.js";
export type { Softirqs } from "./softirqs.js";
export {
  countDuring,
  type SkbCounts,
  startTrace,
  type Trace,
  type TraceCounts,
} from "./start.js";
export type { ThreadSwitches } from "./switches.js";
export { syscallName } from "./syscall-names.js";
export type { SyscallCount, SyscallCounts } from "./syscalls.js";
export {
  recordTimeline,
  type TcpState,
  type TimelineCall,
  type TimelineEvent,
  type TimelineSpec,
  type TimelineState,
  type WatchCalls,
} from "./timeline.js";
export type { Wakeups } from "./wakeups.js";
export type { Watched } from "./watched.js";
