// What cells measure of the ways around the kernel's stack: notebooks 30 to 36, and 60.
import afXdpReceiveExperiment, {
  type AfXdpReceiveOutcome,
  type AfXdpReceiveParams,
} from "../experiments/af-xdp-receive.js";
import wrongQueueExperiment, {
  type WrongQueueOutcome,
  type WrongQueueParams,
} from "../experiments/af-xdp-wrong-queue.js";
import bakeOffExperiment, { type BakeOffOutcome, type BakeOffParams } from "../experiments/bake-off.js";
import burstSweepExperiment, {
  type BurstSweepOutcome,
  type BurstSweepParams,
} from "../experiments/burst-sweep.js";
import dpdkPortsExperiment, {
  type DpdkPortsOutcome,
  type DpdkPortsParams,
} from "../experiments/dpdk-ports.js";
import netmapBatchExperiment, {
  type NetmapBatchOutcome,
  type NetmapBatchParams,
} from "../experiments/netmap-batch.js";
import packetMmapEventsExperiment, {
  type PacketMmapEventsOutcome,
  type PacketMmapEventsParams,
} from "../experiments/packet-mmap-events.js";
import pathSweepExperiment, {
  type PathSweepOutcome,
  type PathSweepParams,
} from "../experiments/path-sweep.js";
import rdmaEventsExperiment, {
  type RdmaEventsOutcome,
  type RdmaEventsParams,
} from "../experiments/rdma-events.js";
import rdmaTimesExperiment, {
  type RdmaTimesOutcome,
  type RdmaTimesParams,
} from "../experiments/rdma-times.js";
import ringHandoverExperiment, {
  type RingHandoverOutcome,
  type RingHandoverParams,
} from "../experiments/ring-handover.js";
import type { Result } from "../result.js";
import { type Options, runExperiment } from "../run.js";

/**
 * How often does a thread sleep to get entries from another, through a ring and through a mailbox? About 2 s.
 *
 * @param options `guess` for how often both threads together sleep while the ring hands all entries over, in "sleeps"
 */
export function ringHandover(options: Options<RingHandoverParams>): Promise<Result<RingHandoverOutcome>> {
  return runExperiment(ringHandoverExperiment, options);
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
 * What is a batch worth to a program that sends by netmap's interface? About 5 s on a quiet machine; needs root.
 *
 * @param options `guess` for the rate with batches of 32 over that with batches of 1, in "×"
 */
export function netmapBatch(options: Options<NetmapBatchParams>): Promise<Result<NetmapBatchOutcome>> {
  return runExperiment(netmapBatchExperiment, options);
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
 * What does a packet cost on each way to a program? Every path that this machine can open, under one load. About a minute and a
 * half for all of them, a few seconds with `trialS: 0`; needs root.
 *
 * @param options `guess` for how many times faster the fastest path is than the slowest, in "×"
 */
export function bakeOff(options: Options<BakeOffParams>): Promise<Result<BakeOffOutcome>> {
  return runExperiment(bakeOffExperiment, options);
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
