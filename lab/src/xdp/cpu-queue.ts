// The queue that a cpumap entry is, and what it loses. A redirect to another CPU always succeeds as far as the program
// and the driver can tell; a full queue throws packets away later. One tracepoint knows.
import { readFileSync } from "node:fs";
import type { Testbed } from "../net/index.js";
import { type BpfMap, loadKernelObject, u32Key } from "../sys/index.js";

/** Slots, the most that the kernel takes. @source kernel/bpf/cpumap.c, cpu_map_alloc_check */
const QUEUE_SLOTS = 16_384;

/**
 * Makes the queue to a CPU.
 *
 * @param program runs on that CPU, of section `xdp/cpumap`
 * @throws SysError ENODEV where there is no such CPU.
 */
export function openCpuQueue(cpus: BpfMap, cpu: number, program: { readonly fd: number }): void {
  const value = new Uint8Array(8); // struct bpf_cpumap_val: slots, and the program's descriptor
  value.set(u32Key(QUEUE_SLOTS));
  value.set(u32Key(program.fd), 4);
  cpus.update(u32Key(cpu), value);
}

/** Counts from now on what finds the queues of this map full. It is closed with the testbed. */
export function countRefusals(testbed: Testbed, cpus: BpfMap): () => number {
  const watch = loadKernelObject("trace_cpumap", { initialValues: { ".rodata": u32Key(idOf(cpus)) } });
  testbed.own(watch);
  testbed.own(watch.program("trace_cpumap").attach());
  return () => watch.map("refused").readCounters(0)[0]!;
}

/** The number by which tracepoints name a map. @source kernel/bpf/syscall.c, bpf_map_show_fdinfo */
export function idOf({ spec }: BpfMap): number {
  const id = /^map_id:\s*(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${spec.fd}`, "utf8"))?.[1];
  if (id !== undefined) return Number(id);
  throw new Error(`Cannot watch map ${spec.name}: /proc/self/fdinfo names no map_id -> mount /proc`);
}
