/**
 * sys: what can this process ask of the machine, and how does the machine say no?
 *
 * Read `socket.ts` first, then `memory.ts`; `library.ts` is the only file that knows koffi. Notebooks 11 and 33 show
 * what is called here. Left out: everything that spans several calls (a testbed is in `net`, a ring socket in `xdp`).
 */
export { borrowSockets } from "./borrow-socket.js";
export { attachXdpLink, type BpfLink, type XdpMode } from "./bpf-link.js";
export { BPF_F_LOCK, BpfMap, type BpfMapSpec, u32Key } from "./bpf-map.js";
export { type BpfLoadOptions, type BpfObject, type BpfProgram, loadBpfObject } from "./bpf-object.js";
export { type LoadedCode, type LoadedLine, missedRuns, readLoadedCode } from "./bpf-program-info.js";
export { createMap, loadInstructions, type RawLoadOptions, type RawProgram } from "./bpf-raw-program.js";
export { TestRun, type TestRunResult } from "./bpf-test-run.js";
export { kernelEnum, kernelStruct, type StructField } from "./btf.js";
export { monotonicAt, monotonicNs, performanceMs } from "./clock.js";
export { checked, EAGAIN, EBUSY, EINTR, ENOBUFS, errnoName, errnoText, sysError } from "./errno.js";
export { giveBack } from "./give-back.js";
export { newHoldingsList, writeDownHoldings } from "./holdings.js";
export { loadKernelObject, readKernelObject } from "./kernel-object.js";
export { libbpfVersion } from "./libbpf.js";
export {
  addressOf,
  functionAt,
  lastErrno,
  libc,
  type NativeFunction,
  type NativeLibrary,
  nativeLibrary,
  viewMemory,
} from "./library.js";
export { checkLwip, type LwipCalls, loadLwip } from "./lwip.js";
export { Mappings } from "./mappings.js";
export { type Mapping, mapAnonymous, mapShared, unmap, unmapUnderViews } from "./memory.js";
export { type MemoryFile, openMemoryFile } from "./memory-file.js";
export {
  areKernelsBuilt,
  type KernelName,
  kernelSource,
  kernels,
  type NativeKernel,
} from "./native-kernels.js";
export { netdevsimHere } from "./netdevsim.js";
export { openUring, type PollingThread, type UringSpec } from "./open-uring.js";
export {
  openPacketReceiver,
  PacketReceiver,
  type PacketReceiverSpec,
  type PacketStatistics,
} from "./packet-receiver.js";
export { openPacketSender, PacketSender, type PacketSenderSpec } from "./packet-sender.js";
export { bindPacketSocket, openPacketSocket, packetDrops } from "./packet-socket.js";
export { PATIENCE_VARIABLE, patient } from "./patience.js";
export { openPerfEvent } from "./perf.js";
export { openPipe, type Pipe } from "./pipe.js";
export * from "./poll.js";
export { cpuNsOf, cpuOf, newPollingThread, pollingThreads } from "./polling-thread.js";
export { monotonicClock, PREPARED_CALL_BYTES, PreparedCall, type PreparedName } from "./prepared-call.js";
export { type Probe, type ProbeName, probeAll } from "./probe.js";
export { type Tier, tierOf } from "./probe-tier.js";
export { RDMA_DEVICES, type RdmaHere, rdmaHere } from "./rdma-here.js";
export { hasUdpPort, type RdmaNamespaces, rdmaNamespacesHere } from "./rdma-namespaces.js";
export * from "./socket.js";
export { SocketMessage } from "./socket-message.js";
export * from "./socket-peer.js";
export { structForC } from "./struct-for-c.js";
export {
  allowedCpus,
  blockSignals,
  currentCpu,
  enterNamespace,
  inNamespace,
  openNamelessNamespace,
  pinThread,
  threadCpuNs,
  threadId,
} from "./thread.js";
export { completed, Uring } from "./uring.js";
