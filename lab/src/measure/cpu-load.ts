// What each CPU did with its time, as the kernel's clock tick saw it: /proc/stat counts ticks of 1/100 s by kind.
import { readFileSync } from "node:fs";

/** Ticks since boot of one CPU. */
export interface CpuTicks {
  readonly cpu: number;
  /** Waiting for something to do, or for a disk. */
  readonly idle: number;
  /** Ready to run, but the hypervisor ran somebody else. */
  readonly steal: number;
  readonly total: number;
}

/** What one CPU did between two readings. */
export interface CpuLoad {
  readonly cpu: number;
  /** Share of the time, 0 to 1. */
  readonly idle: number;
  /** Share of the time that the hypervisor took, 0 to 1. */
  readonly steal: number;
}

/** Reads the counters of every online CPU. @source proc_stat(5) */
export function readCpuTicks(): CpuTicks[] {
  return parseCpuTicks(readFileSync("/proc/stat", "utf8"));
}

/** Parses the `cpu0 user nice system idle iowait irq softirq steal ...` lines. */
export function parseCpuTicks(text: string): CpuTicks[] {
  return [...text.matchAll(/^cpu(\d+) (.*)$/gm)].map(([, cpu, fields]) => {
    // guest and guest_nice, the last two, are counted in user and nice already.
    const ticks = fields!.trim().split(/\s+/).slice(0, 8).map(Number);
    const [, , , idle = 0, iowait = 0, , , steal = 0] = ticks;
    return {
      cpu: Number(cpu),
      idle: idle + iowait,
      steal,
      total: ticks.reduce((sum, count) => sum + count, 0),
    };
  });
}

/** What each CPU did between two readings; a CPU that was not there twice is left out. */
export function cpuLoads(before: readonly CpuTicks[], after: readonly CpuTicks[]): CpuLoad[] {
  return after.flatMap((end) => {
    const start = before.find(({ cpu }) => cpu === end.cpu);
    const total = start === undefined ? 0 : end.total - start.total;
    if (start === undefined || total <= 0) return [];
    return [
      { cpu: end.cpu, idle: (end.idle - start.idle) / total, steal: (end.steal - start.steal) / total },
    ];
  });
}
