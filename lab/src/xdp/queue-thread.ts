// The kernel's thread that empties the queue to a CPU. It has no descriptor and no part in any process of ours: its name leads to
// it, and /proc tells what CPU time it has had.
import { readdirSync, readFileSync } from "node:fs";
import type { BpfMap } from "../sys/index.js";
import { idOf } from "./cpu-queue.js";

/** Longest name that /proc/pid/comm shows before Linux 5.17. @source include/linux/sched.h, TASK_COMM_LEN */
const SHORT_NAME = 15;

/** A thread of the kernel. */
export interface QueueThread {
  readonly tid: number;
  /** CPU time that it has had so far, in ns. */
  cpuNs(): number;
}

/**
 * Finds the thread of a cpumap's entry, which lives as long as that.
 *
 * @returns null where /proc shows no thread of that name: in a container with process numbers of its own, or where an older kernel cuts
 *   the names of two such threads down to the same.
 * @source kernel/bpf/cpumap.c, __cpu_map_entry_alloc: "cpumap/%d/map:%d"
 */
export function findQueueThread(cpus: BpfMap, cpu: number): QueueThread | null {
  const name = `cpumap/${cpu}/map:${idOf(cpus)}`;
  const named = threadsNamed((comm) => comm === name);
  const found = named.length > 0 ? named : threadsNamed((comm) => comm === name.slice(0, SHORT_NAME));
  const [tid, ...others] = found;
  if (tid === undefined || others.length > 0) return null;
  return { tid, cpuNs: () => Number(readFileSync(`/proc/${tid}/schedstat`, "utf8").split(" ")[0]) };
}

function threadsNamed(is: (comm: string) => boolean): number[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry) && is(nameOf(entry)))
    .map(Number);
}

function nameOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, "utf8").trim();
  } catch {
    return ""; // it has ended in the meantime
  }
}
