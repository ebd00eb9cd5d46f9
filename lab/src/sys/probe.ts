// What can this machine do? Each probe tries the thing and undoes it: a version number would only be a guess.
import { probeBpf } from "./probe-bpf.js";
import { probeMachine } from "./probe-machine.js";
import { probeNetwork } from "./probe-network.js";
import { probeTools } from "./probe-tools.js";

/** What is asked of the machine. */
export type ProbeName =
  | "capabilities"
  | "namespaces"
  | "veth"
  | "bpf"
  | "btf"
  | "nativeXdp"
  | "genericXdp"
  | "afXdpCopy"
  | "afXdpZeroCopy"
  | "tpBtf"
  | "fentry"
  | "kprobes"
  | "tracefs"
  | "ioUring"
  | "ioUringMultishot"
  | "ioUringSqpoll"
  | "liveFrames"
  | "pmu"
  | "hugepages"
  | "clock"
  | "cpus"
  | "perf"
  | "clang"
  | "dpdk"
  | "rdma"
  | "nic";

/** What the machine answered. */
export interface Probe {
  readonly name: ProbeName;
  /** `unknown`: it could not be tried, and `reason` says what stood in the way. */
  readonly state: "yes" | "no" | "unknown";
  /** What was tried, and what came of it. */
  readonly reason: string;
  /** What to do to get it; empty for `yes`, and where nothing can be done. */
  readonly next: string;
}

/**
 * Asks everything, in under 1.5 s, and leaves nothing behind: namespaces, programs and sockets end with the probe.
 *
 * @returns One answer for each name, always all of them: a probe that fails in an unforeseen way says `unknown`.
 */
export async function probeAll(): Promise<Probe[]> {
  const tools = probeTools();
  return [...probeMachine(), ...probeNetwork(), ...probeBpf(), ...(await tools)];
}
