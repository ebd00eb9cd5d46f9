// What a path may leave on the machine, to compare before and after; and the consumer that is not a thread of ours.
import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import type { Stage } from "ringside/paths";
import { allowedCpus } from "ringside/sys";
import { hostInterfaces, isRunning, namedAfter, until } from "../net/leftovers.js";

/** What this process has outside its own memory. */
export interface Held {
  readonly namespaces: readonly string[];
  readonly interfaces: readonly string[];
  readonly cpus: readonly number[];
  readonly processes: readonly number[];
  /** Kernel threads that serve a CPU's queue or an io_uring, by name. */
  readonly kernelThreads: readonly string[];
  /** Sockets, rings, programs, maps and links, by kind. */
  readonly descriptors: readonly string[];
}

export function held(): Held {
  return {
    namespaces: namedAfter(process.pid).namespaces,
    interfaces: hostInterfaces(),
    cpus: allowedCpus(),
    processes: childrenOf(process.pid),
    kernelThreads: kernelThreads(),
    descriptors: descriptors(),
  };
}

/** Waits until this process has no more than before: the kernel ends a thread of its own by and by. @returns what it has then */
export async function heldInTheEnd(before: Held): Promise<Held> {
  const same = (): boolean => JSON.stringify(held()) === JSON.stringify(before);
  await until("all to go that a path made", same).catch(() => undefined); // what is left, the comparison will say
  return held();
}

/** How many descriptors this process has, of any kind, and how many stretches of memory that a socket or a ring gave it. */
export function openAndMapped(): { descriptors: number; mapped: number } {
  const maps = readFileSync("/proc/self/maps", "utf8").split("\n");
  return {
    descriptors: readdirSync("/proc/self/fd").length,
    mapped: maps.filter((line) => /socket:|io_uring/.test(line)).length,
  };
}

function descriptors(): string[] {
  return readdirSync("/proc/self/fd")
    .map((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`).replace(/:\[\d+\]$/, "");
      } catch {
        return ""; // the descriptor that listed the folder
      }
    })
    .filter((kind) => /^socket|bpf|btf|io_uring/.test(kind))
    .sort();
}

function childrenOf(pid: number): number[] {
  return pids().filter((other) => isRunning(other) && parentOf(other) === pid);
}

function parentOf(pid: number): number | null {
  const stat = readIfThere(`/proc/${pid}/stat`);
  return stat === "" ? null : Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
}

/** An io_uring's thread belongs to its process, a queue's to the kernel: others of the machine may have such, too. */
function kernelThreads(): string[] {
  const own = readdirSync("/proc/self/task").map((tid) => readIfThere(`/proc/self/task/${tid}/comm`).trim());
  return own.filter((name) => name.startsWith("iou-")).sort();
}

/** Threads of the kernel that empty the queue to a CPU. */
export function queueThreads(): number[] {
  return pids().filter((pid) => readIfThere(`/proc/${pid}/comm`).startsWith("cpumap/"));
}

/** Processes in a host's namespace. */
export function processesOf(stage: Stage, host: string): number[] {
  const inode = statSync(stage.testbed.path(host)).ino;
  return childrenOf(process.pid).filter((pid) => statSync(`/proc/${pid}/ns/net`).ino === inode);
}

function pids(): number[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number);
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
