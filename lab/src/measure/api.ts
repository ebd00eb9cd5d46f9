// What a cell calls: one promise for each experiment.
import type { KernelName } from "../sys/index.js";
import type { Comparison } from "./compare.js";
import acceptCoresExperiment, {
  type AcceptCoresOutcome,
  type AcceptCoresParams,
} from "./experiments/accept-cores.js";
import acceptModelExperiment, {
  type AcceptModelCheck,
  type AcceptModelParams,
} from "./experiments/accept-model.js";
import afXdpReceiveExperiment, {
  type AfXdpReceiveOutcome,
  type AfXdpReceiveParams,
} from "./experiments/af-xdp-receive.js";
import wrongQueueExperiment, {
  type WrongQueueOutcome,
  type WrongQueueParams,
} from "./experiments/af-xdp-wrong-queue.js";
import bakeOffExperiment, { type BakeOffOutcome, type BakeOffParams } from "./experiments/bake-off.js";
import burstSweepExperiment, {
  type BurstSweepOutcome,
  type BurstSweepParams,
} from "./experiments/burst-sweep.js";
import cacheCoherenceExperiment, {
  type CacheCoherenceOutcome,
  type CacheCoherenceParams,
} from "./experiments/cache-coherence.js";
import cacheLadderExperiment, {
  type CacheLadderOutcome,
  type CacheLadderParams,
} from "./experiments/cache-ladder.js";
import callsPerMessageExperiment, {
  type CallsPerMessageOutcome,
  type CallsPerMessageParams,
} from "./experiments/calls-per-message.js";
import compareKernelsExperiment, { type CompareKernelsParams } from "./experiments/compare-kernels.js";
import componentCostsExperiment, {
  type ComponentCostsOutcome,
  type ComponentCostsParams,
} from "./experiments/component-costs.js";
import connectionCallsExperiment, {
  type ConnectionCallsOutcome,
  type ConnectionCallsParams,
} from "./experiments/connection-calls.js";
import connectionLengthsExperiment, {
  type ConnectionLengthsOutcome,
  type ConnectionLengthsParams,
} from "./experiments/connection-lengths.js";
import connectionLoadExperiment, {
  type ConnectionLoadOutcome,
  type ConnectionLoadParams,
} from "./experiments/connection-load.js";
import contextSwitchExperiment, {
  type ContextSwitchOutcome,
  type ContextSwitchParams,
} from "./experiments/context-switch.js";
import deafEndExperiment, { type DeafEndOutcome, type DeafEndParams } from "./experiments/deaf-end.js";
import dpdkPortsExperiment, {
  type DpdkPortsOutcome,
  type DpdkPortsParams,
} from "./experiments/dpdk-ports.js";
import dropBySourceExperiment, {
  type DropBySourceOutcome,
  type DropBySourceParams,
} from "./experiments/drop-by-source.js";
import echoCallsExperiment, {
  type EchoCallsOutcome,
  type EchoCallsParams,
} from "./experiments/echo-calls.js";
import exceptionLessCallsExperiment, {
  type ExceptionLessCallsOutcome,
  type ExceptionLessCallsParams,
} from "./experiments/exception-less-calls.js";
import exceptionLessCostsExperiment, {
  type ExceptionLessCostsOutcome,
  type ExceptionLessCostsParams,
} from "./experiments/exception-less-costs.js";
import iperf3ExchangeExperiment, {
  type Iperf3ExchangeOutcome,
  type Iperf3ExchangeParams,
} from "./experiments/iperf3-exchange.js";
import lostOnVethExperiment, {
  type LostOnVethOutcome,
  type LostOnVethParams,
} from "./experiments/lost-on-veth.js";
import netmapBatchExperiment, {
  type NetmapBatchOutcome,
  type NetmapBatchParams,
} from "./experiments/netmap-batch.js";
import noiseFloorExperiment, {
  type NoiseFloorOutcome,
  type NoiseFloorParams,
} from "./experiments/noise-floor.js";
import offloadCostsExperiment, {
  type OffloadCostsOutcome,
  type OffloadCostsParams,
} from "./experiments/offload-costs.js";
import packetMmapEventsExperiment, {
  type PacketMmapEventsOutcome,
  type PacketMmapEventsParams,
} from "./experiments/packet-mmap-events.js";
import pathSweepExperiment, {
  type PathSweepOutcome,
  type PathSweepParams,
} from "./experiments/path-sweep.js";
import payloadSweepExperiment, {
  type PayloadSweepOutcome,
  type PayloadSweepParams,
} from "./experiments/payload-sweep.js";
import pollutionExperiment, { type PollutionOutcome, type PollutionParams } from "./experiments/pollution.js";
import queueCallsExperiment, {
  type QueueCallsOutcome,
  type QueueCallsParams,
} from "./experiments/queue-calls.js";
import queueCostsExperiment, {
  type QueueCostsOutcome,
  type QueueCostsParams,
} from "./experiments/queue-costs.js";
import rdmaEventsExperiment, {
  type RdmaEventsOutcome,
  type RdmaEventsParams,
} from "./experiments/rdma-events.js";
import rdmaTimesExperiment, {
  type RdmaTimesOutcome,
  type RdmaTimesParams,
} from "./experiments/rdma-times.js";
import requestEventsExperiment, {
  type RequestEventsOutcome,
  type RequestEventsParams,
} from "./experiments/request-events.js";
import requestRatesExperiment, {
  type RequestRatesOutcome,
  type RequestRatesParams,
} from "./experiments/request-rates.js";
import ringHandoverExperiment, {
  type RingHandoverOutcome,
  type RingHandoverParams,
} from "./experiments/ring-handover.js";
import sharedLinesExperiment, {
  type SharedLinesOutcome,
  type SharedLinesParams,
} from "./experiments/shared-lines.js";
import skbCountExperiment, { type SkbCountOutcome, type SkbCountParams } from "./experiments/skb-count.js";
import skbLifetimeExperiment, {
  type SkbLifetimeOutcome,
  type SkbLifetimeParams,
} from "./experiments/skb-lifetime.js";
import socketExchangeExperiment, {
  type SocketExchangeOutcome,
  type SocketExchangeParams,
} from "./experiments/socket-exchange.js";
import socketLocksExperiment, {
  type SocketLocksOutcome,
  type SocketLocksParams,
} from "./experiments/socket-locks.js";
import stackEchoesExperiment, {
  type StackEchoesOutcome,
  type StackEchoesParams,
} from "./experiments/stack-echoes.js";
import stackPartsExperiment, {
  type StackPartsOutcome,
  type StackPartsParams,
} from "./experiments/stack-parts.js";
import syscallCostExperiment, {
  type SyscallCostOutcome,
  type SyscallCostParams,
} from "./experiments/syscall-cost.js";
import tcpOnBadWireExperiment, {
  type TcpOnBadWireOutcome,
  type TcpOnBadWireParams,
} from "./experiments/tcp-on-bad-wire.js";
import tcpUnderXdpExperiment, {
  type TcpUnderXdpOutcome,
  type TcpUnderXdpParams,
} from "./experiments/tcp-under-xdp.js";
import verdictCountsExperiment, {
  type VerdictCountsOutcome,
  type VerdictCountsParams,
} from "./experiments/verdict-counts.js";
import verdictLatenciesExperiment, {
  type VerdictLatenciesOutcome,
  type VerdictLatenciesParams,
} from "./experiments/verdict-latencies.js";
import verdictRatesExperiment, {
  type VerdictRatesOutcome,
  type VerdictRatesParams,
} from "./experiments/verdict-rates.js";
import verdictsOnWireExperiment, {
  type VerdictsOnWireOutcome,
  type VerdictsOnWireParams,
} from "./experiments/verdicts-on-wire.js";
import type { Result } from "./result.js";
import { type Options, runExperiment } from "./run.js";

/**
 * What does it cost to enter the kernel and come back? Takes about a second, and one more at the gate.
 *
 * @param options `guess` for one getppid system call, in ns
 */
export function syscallCost(options: Options<SyscallCostParams>): Promise<Result<SyscallCostOutcome>> {
  return runExperiment(syscallCostExperiment, options);
}

/**
 * How many times dearer is one measurement kernel than another?
 *
 * @param a e.g. "syscallGetppid"
 * @param b e.g. "functionCall"
 * @param options `guess` for the ratio a / b, in "×"; `relation` and `bound` say what is claimed, "> 1" unless given
 */
export function compareKernels(
  a: KernelName,
  b: KernelName,
  options: Options<Omit<CompareKernelsParams, "a" | "b">>,
): Promise<Result<Comparison>> {
  return runExperiment(compareKernelsExperiment, { ...options, a, b });
}

/**
 * What does a message save that takes one system call in place of two? About 2 s.
 *
 * @param options `guess` for the saving of one message, in ns or µs
 */
export function callsPerMessage(
  options: Options<CallsPerMessageParams>,
): Promise<Result<CallsPerMessageOutcome>> {
  return runExperiment(callsPerMessageExperiment, options);
}

/**
 * How many system calls does a packet cost that is received by AF_XDP? Takes some three seconds, needs root.
 *
 * @param options `guess` for the calls a packet that ask for packets (`recvfrom`, `poll`, ...), in "calls"
 */
export function afXdpReceive(options: Options<AfXdpReceiveParams>): Promise<Result<AfXdpReceiveOutcome>> {
  return runExperiment(afXdpReceiveExperiment, options);
}

/**
 * What does a socket receive that is bound to the wrong queue? Takes a second, needs root.
 *
 * @param options `guess` for how many of the packets arrive, in "packets"
 */
export function afXdpWrongQueue(options: Options<WrongQueueParams>): Promise<Result<WrongQueueOutcome>> {
  return runExperiment(wrongQueueExperiment, options);
}

/**
 * How many system calls and socket buffers does a packet cost that comes by PACKET_MMAP? About 8 s, needs root.
 *
 * @param options `guess` for the calls that ask or wait for packets while 65 536 of them come at 200 000 a second, in "calls"
 */
export function packetMmapEvents(
  options: Options<PacketMmapEventsParams>,
): Promise<Result<PacketMmapEventsOutcome>> {
  return runExperiment(packetMmapEventsExperiment, options);
}

/**
 * How often does a thread sleep to get entries from another, through a ring and through a mailbox? About 2 s.
 *
 * @param options `guess` for how often both threads together sleep while the ring hands all entries over, in "sleeps"
 */
export function ringHandover(options: Options<RingHandoverParams>): Promise<Result<RingHandoverOutcome>> {
  return runExperiment(ringHandoverExperiment, options);
}

/**
 * What do the pieces of packet processing cost: cache hit and miss, lock, copy, system call? About 3 s.
 *
 * @param options `guess` for one cache miss, in ns
 */
export function componentCosts(
  options: Options<ComponentCostsParams>,
): Promise<Result<ComponentCostsOutcome>> {
  return runExperiment(componentCostsExperiment, options);
}

/**
 * How different does the same thing look from itself on this machine now? About 2 s.
 *
 * @param options `guess` for that difference, in %
 */
export function noiseFloor(options: Options<NoiseFloorParams>): Promise<Result<NoiseFloorOutcome>> {
  return runExperiment(noiseFloorExperiment, options);
}

/**
 * Does a system call cost by the call or by the byte? About 3 s.
 *
 * @param options `guess` for 4096 bytes through a pipe, one write and one read together, in ns or µs
 */
export function payloadSweep(options: Options<PayloadSweepParams>): Promise<Result<PayloadSweepOutcome>> {
  return runExperiment(payloadSweepExperiment, options);
}

/**
 * How much slower does a program run after a system call has returned? About 3 s.
 *
 * @param options `guess` for the slowdown of a memory access after one call, in "×": 1 is no slowdown
 */
export function pollution(options: Options<PollutionParams>): Promise<Result<PollutionOutcome>> {
  return runExperiment(pollutionExperiment, options);
}

/**
 * What does it cost to wake another thread and let it run, by pipe, eventfd and futex, on one CPU and on two? Takes about 3 s.
 *
 * @param options `guess` for one switch through a pipe on one CPU, in ns
 */
export function contextSwitch(options: Options<ContextSwitchParams>): Promise<Result<ContextSwitchOutcome>> {
  return runExperiment(contextSwitchExperiment, options);
}

/**
 * What does a memory access cost, by how much memory is walked, and a copy, by where its bytes were? Takes about 3 s.
 *
 * @param options `guess` for one access in the largest memory, in ns
 */
export function cacheLadder(options: Options<CacheLadderParams>): Promise<Result<CacheLadderOutcome>> {
  return runExperiment(cacheLadderExperiment, options);
}

/**
 * What does it cost when two cores want the same cache line? Takes about 2 s; it wants two CPUs.
 *
 * @param options `guess` for the journey of a line to the other core, in ns
 */
export function sharedLines(options: Options<SharedLinesParams>): Promise<Result<SharedLinesOutcome>> {
  return runExperiment(sharedLinesExperiment, options);
}

/**
 * How many system calls does a read take, one by one, by batches through an io_uring, and with a polling thread? Exact, needs root.
 *
 * @param options `guess` for the calls of all reads in the largest batches, in "calls"
 */
export function exceptionLessCalls(
  options: Options<ExceptionLessCallsParams>,
): Promise<Result<ExceptionLessCallsOutcome>> {
  return runExperiment(exceptionLessCallsExperiment, options);
}

/**
 * What does a read cost by those three ways, what does the program's own work lose, and whose CPU pays? Takes about 4 s.
 *
 * @param options `guess` for one read in the largest batch by one call, in ns
 */
export function exceptionLessCosts(
  options: Options<ExceptionLessCostsParams>,
): Promise<Result<ExceptionLessCostsOutcome>> {
  return runExperiment(exceptionLessCostsExperiment, options);
}

/**
 * How many socket buffers does a packet take? Takes one to two seconds for 65 536 frames, needs root.
 *
 * @param options `program`: what meets the frames; `guess` for the skbs that enter the stack, in "skbs"
 */
export function skbCount(options: Options<SkbCountParams>): Promise<Result<SkbCountOutcome>> {
  return runExperiment(skbCountExperiment, options);
}

/**
 * How long does a packet's buffer live when its reader stalls? About 4 s, needs root.
 *
 * @param options `guess` for the buffers that die at the close of a socket that nobody read from, in "skbs"
 */
export function skbLifetime(options: Options<SkbLifetimeParams>): Promise<Result<SkbLifetimeOutcome>> {
  return runExperiment(skbLifetimeExperiment, options);
}

/**
 * What becomes of real frames on a wire under an XDP program? About a second; needs root.
 *
 * @param options `text` of the program in C; `guess` for the frames that pass, in "frames"
 */
export function verdictsOnWire(
  options: Options<VerdictsOnWireParams>,
): Promise<Result<VerdictsOnWireOutcome>> {
  return runExperiment(verdictsOnWireExperiment, options);
}

/**
 * How much faster is a native drop than a generic one, if a socket sends the packets, and if the injector does? About 2 s; needs root.
 *
 * @param options `guess` for how many times dearer a packet from a socket is under the generic program, in "×"
 */
export function dropBySource(options: Options<DropBySourceParams>): Promise<Result<DropBySourceOutcome>> {
  return runExperiment(dropBySourceExperiment, options);
}

/**
 * Where are frames that went into a veth and never came out? About 3 s for two million; needs root.
 *
 * @param options `guess` for how many of the frames arrive at a peer without NAPI, in "frames"
 */
export function lostOnVeth(options: Options<LostOnVethParams>): Promise<Result<LostOnVethOutcome>> {
  return runExperiment(lostOnVethExperiment, options);
}

/**
 * How much slower is TCP over a veth once an XDP program is attached that passes everything? About 2 s; needs root.
 *
 * @param options `guess` for how many times dearer a byte becomes, in "×"
 */
export function tcpUnderXdp(options: Options<TcpUnderXdpParams>): Promise<Result<TcpUnderXdpOutcome>> {
  return runExperiment(tcpUnderXdpExperiment, options);
}

/**
 * Which system calls does a question with its answer take over sockets, and what becomes of the TCP sockets? About a second; needs root.
 *
 * @param options `protocol`; `guess` for all calls of both sides together, in "calls"
 */
export function socketExchange(
  options: Options<SocketExchangeParams>,
): Promise<Result<SocketExchangeOutcome>> {
  return runExperiment(socketExchangeExperiment, options);
}

/**
 * What does a packet cost on each way to a program? Every path that this machine can open, under one load. About a minute and a
 * half for all of them, a few seconds with `trialS: 0`; needs root.
 *
 * @param options `guess` for how many times faster the fastest path is than the slowest, in "×"
 */
export function bakeOff(options: Options<BakeOffParams>): Promise<Result<BakeOffOutcome>> {
  return runExperiment(bakeOffExperiment, options);
}

/**
 * What becomes of a packet under each XDP verdict, in native and in generic mode? About 15 s; needs root.
 *
 * @param options `guess` for the socket buffers of all native verdicts but pass, in "skbs"
 */
export function verdictCounts(options: Options<VerdictCountsParams>): Promise<Result<VerdictCountsOutcome>> {
  return runExperiment(verdictCountsExperiment, options);
}

/**
 * What arrives at an end of a wire where nobody polls? About 2 s; needs root.
 *
 * @param options `guess` for what arrives there of a redirect, in "packets"
 */
export function deafEnd(options: Options<DeafEndParams>): Promise<Result<DeafEndOutcome>> {
  return runExperiment(deafEndExperiment, options);
}

/**
 * How many packets a second does each verdict get through? About 20 s on a quiet machine; needs root.
 *
 * @param options `guess` for native drop over generic drop, in "×"
 */
export function verdictRates(options: Options<VerdictRatesParams>): Promise<Result<VerdictRatesOutcome>> {
  return runExperiment(verdictRatesExperiment, options);
}

/**
 * How long does a packet take to the end that its verdict gives it? About 5 s on a quiet machine; needs root.
 *
 * @param options `guess` for the round trip by tx over the way to a drop, in "×"
 */
export function verdictLatencies(
  options: Options<VerdictLatenciesParams>,
): Promise<Result<VerdictLatenciesOutcome>> {
  return runExperiment(verdictLatenciesExperiment, options);
}

/**
 * What does DPDK receive of what was injected, and what does its thread do while nothing comes? About 8 s; needs root and
 * dpdk-testpmd.
 *
 * @param options `guess` for the share of its CPU that the idle thread takes, in "%"
 */
export function dpdkPorts(options: Options<DpdkPortsParams>): Promise<Result<DpdkPortsOutcome>> {
  return runExperiment(dpdkPortsExperiment, options);
}

/**
 * What is a burst worth to DPDK's loop? About 15 s on a quiet machine; needs root and dpdk-testpmd.
 *
 * @param options `guess` for the rate with bursts of 32 over that with bursts of 1, on net_null, in "×"
 */
export function burstSweep(options: Options<BurstSweepParams>): Promise<Result<BurstSweepOutcome>> {
  return runExperiment(burstSweepExperiment, options);
}

/**
 * What do both ends do when bytes get from one process's memory into another's, by RDMA and by sockets? About 5 s; needs root and RDMA.
 *
 * @param options `guess` for how many system calls the target process makes for one write, in "calls"
 */
export function rdmaEvents(options: Options<RdmaEventsParams>): Promise<Result<RdmaEventsOutcome>> {
  return runExperiment(rdmaEventsExperiment, options);
}

/**
 * How long does a message take by RDMA, by sockets, and by perftest's programs? Some seconds on a quiet machine; needs root and RDMA.
 *
 * @param options `guess` for the median time of an RDMA read, in µs
 */
export function rdmaTimes(options: Options<RdmaTimesParams>): Promise<Result<RdmaTimesOutcome>> {
  return runExperiment(rdmaTimesExperiment, options);
}

/**
 * What is a batch worth to a program that sends by netmap's interface? About 5 s on a quiet machine; needs root.
 *
 * @param options `guess` for the rate with batches of 32 over that with batches of 1, in "×"
 */
export function netmapBatch(options: Options<NetmapBatchParams>): Promise<Result<NetmapBatchOutcome>> {
  return runExperiment(netmapBatchExperiment, options);
}

/**
 * What makes a packet dear: its size, its company, or what is done with it? About 20 s for two paths, needs root.
 *
 * @param options `axis` is "frameBytes", "batch" or "touch"; `guess` for how many times dearer the dearest packet of the first
 *   path is than its cheapest, in "×"
 */
export function pathSweep(options: Options<PathSweepParams>): Promise<Result<PathSweepOutcome>> {
  return runExperiment(pathSweepExperiment, options);
}

/**
 * How many system calls does a connection cost its server? About 4 s for four designs; needs root.
 *
 * @param options `guess` for the calls of one connection with one question, accepted one by one, in "calls"
 */
export function connectionCalls(
  options: Options<ConnectionCallsParams>,
): Promise<Result<ConnectionCallsOutcome>> {
  return runExperiment(connectionCallsExperiment, options);
}

/**
 * What does a batched interface with a listener for each core bring, by the length of a connection? About 20 s; needs root.
 *
 * @param options `guess` for its rate over the baseline's, with the shortest connections, in "×"
 */
export function connectionLengths(
  options: Options<ConnectionLengthsParams>,
): Promise<Result<ConnectionLengthsOutcome>> {
  return runExperiment(connectionLengthsExperiment, options);
}

/**
 * How long does a connection take that comes at its own time, whether or not the server keeps up? About 2 s; needs root.
 *
 * @param options `guess` for the p99 at the highest rate, from the intended start to the last answer, in "µs" or "ms"
 */
export function connectionLoad(
  options: Options<ConnectionLoadParams>,
): Promise<Result<ConnectionLoadOutcome>> {
  return runExperiment(connectionLoadExperiment, options);
}

/**
 * How many socket buffers does a request cost, by who answers it? About 4 s; needs root.
 *
 * @param options `guess` for those of all requests that an XDP program answers, 20 000 unless given, in "skbs"
 */
export function requestEvents(options: Options<RequestEventsParams>): Promise<Result<RequestEventsOutcome>> {
  return runExperiment(requestEventsExperiment, options);
}

/**
 * Does a cache in XDP ever give a stale or torn answer? Some 3 s for a million requests; needs root.
 *
 * @param options `order` and `locked`: what to break; `guess` for the wrong answers, in "answers"
 */
export function cacheCoherence(
  options: Options<CacheCoherenceParams>,
): Promise<Result<CacheCoherenceOutcome>> {
  return runExperiment(cacheCoherenceExperiment, options);
}

/**
 * How many requests a second does a server answer with its cache in XDP, and how soon? About 12 s; needs root.
 *
 * @param options `guess` for how many times as many it answers when every key is cached, in "×"
 */
export function requestRates(options: Options<RequestRatesParams>): Promise<Result<RequestRatesOutcome>> {
  return runExperiment(requestRatesExperiment, options);
}

/**
 * On which core is a connection accepted, by each way to share listeners among cores? About 4 s; needs root and two CPUs.
 *
 * @param options `guess` for the share that is accepted on the core of its packets, with one shared listener, in "%"
 */
export function acceptCores(options: Options<AcceptCoresParams>): Promise<Result<AcceptCoresOutcome>> {
  return runExperiment(acceptCoresExperiment, options);
}

/**
 * Does the model of a many-core server say what two cores do? About 8 s; needs root and two CPUs.
 *
 * @param options `guess` for how much two cores serve that share nothing, over one, in "×"
 */
export function acceptModel(options: Options<AcceptModelParams>): Promise<Result<AcceptModelCheck>> {
  return runExperiment(acceptModelExperiment, options);
}

/**
 * How many futex calls does it take to hand entries to another thread, with a mutex, a spin lock and without any? A second, needs root.
 *
 * @param options `guess` for the mutex's futex calls, both threads together, in "calls"
 */
export function queueCalls(options: Options<QueueCallsParams>): Promise<Result<QueueCallsOutcome>> {
  return runExperiment(queueCallsExperiment, options);
}

/**
 * Does a socket that two threads share make them wait for each other? Waits are counted. A second, needs root and two CPUs.
 *
 * @param options `guess` for how often a thread sleeps because the other one owns their connection, in "waits"
 */
export function socketLocks(options: Options<SocketLocksParams>): Promise<Result<SocketLocksOutcome>> {
  return runExperiment(socketLocksExperiment, options);
}

/**
 * What does it cost to hand an entry to another core, by what protects the queue? Takes about 2 s; it wants two CPUs.
 *
 * @param options `guess` for one entry through the ring in batches, in ns
 */
export function queueCosts(options: Options<QueueCostsParams>): Promise<Result<QueueCostsOutcome>> {
  return runExperiment(queueCostsExperiment, options);
}

/**
 * Who answers Linux's pings and datagrams, our stack or the kernel whose place it takes? About 3 s, needs root.
 *
 * @param options `guess` for the pings of 100 that host b's kernel answers, in "pings"
 */
export function stackEchoes(options: Options<StackEchoesParams>): Promise<Result<StackEchoesOutcome>> {
  return runExperiment(stackEchoesExperiment, options);
}

/**
 * What does a datagram cost our stack, layer by layer? About 10 s, a quiet machine, no root.
 *
 * @param options `guess` for the whole of a datagram of the first size, answered, in "ns"
 */
export function stackParts(options: Options<StackPartsParams>): Promise<Result<StackPartsOutcome>> {
  return runExperiment(stackPartsExperiment, options);
}

/**
 * What does our TCP do about a wire that loses frames? It sends to Linux's TCP. About 3 s, needs root.
 *
 * @param options `guess` for the segments that are sent again, in "segments"; `faults` of the wire, each 40th frame lost unless given
 */
export function tcpOnBadWire(options: Options<TcpOnBadWireParams>): Promise<Result<TcpOnBadWireOutcome>> {
  return runExperiment(tcpOnBadWireExperiment, options);
}

/**
 * What does iperf3 of the kernel's side say of our TCP, and what did our stack count meanwhile? About 4 s; needs root and iperf3.
 *
 * @param options `guess` for the frames that come in while iperf3 sends, in "frames"; `mib` each way, 8 unless given
 */
export function iperf3Exchange(
  options: Options<Iperf3ExchangeParams>,
): Promise<Result<Iperf3ExchangeOutcome>> {
  return runExperiment(iperf3ExchangeExperiment, options);
}

/**
 * What does a core spend on a packet that a network card could take off it? About 2 s; needs root.
 *
 * @param options `guess` for a packet that is injected and dropped at once, in "ns"
 */
export function offloadCosts(options: Options<OffloadCostsParams>): Promise<Result<OffloadCostsOutcome>> {
  return runExperiment(offloadCostsExperiment, options);
}

/**
 * How many system calls does an echo server make for a message, on Linux's sockets and on a library over AF_XDP? Takes some two
 * seconds, needs root.
 *
 * @param options `guess` for the library's calls a message with the most messages on their way, in "calls"
 */
export function echoCalls(options: Options<EchoCallsParams>): Promise<Result<EchoCallsOutcome>> {
  return runExperiment(echoCallsExperiment, options);
}
