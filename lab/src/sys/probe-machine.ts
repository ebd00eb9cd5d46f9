// What this process may do, and what the machine under it has.
import { readFileSync } from "node:fs";
import { openPerfEvent } from "./perf.js";
import type { Probe } from "./probe.js";
import { type Answer, attempt, meaningOf, no, unknown, yes } from "./probe-answer.js";
import { probeUring } from "./probe-uring.js";
import { close } from "./socket.js";
import { allowedCpus } from "./thread.js";

const PERF_TYPE_HARDWARE = 0;

/** Capability bits that the lab uses. @source capabilities(7), include/uapi/linux/capability.h */
const CAPABILITIES: Readonly<Record<string, number>> = {
  CAP_NET_ADMIN: 12,
  CAP_NET_RAW: 13,
  CAP_IPC_LOCK: 14,
  CAP_SYS_ADMIN: 21,
  CAP_PERFMON: 38,
  CAP_BPF: 39,
};

/** Clocks that the vDSO reads in user space. With another one, every look at the clock is a system call. */
const VDSO_CLOCKS = new Set(["tsc", "kvm-clock", "hyperv_clocksource_tsc_page", "arch_sys_counter"]);

export function probeMachine(): Probe[] {
  return [
    attempt("capabilities", capabilities),
    attempt("cpus", cpus),
    attempt("clock", clock),
    ...probeUring(),
    attempt("pmu", pmu),
    attempt("hugepages", hugepages),
  ];
}

function capabilities(): Answer {
  const held = /^CapEff:\s*([0-9a-f]+)/m.exec(readFileSync("/proc/self/status", "utf8"));
  if (!held) return unknown("/proc/self/status names no capabilities");
  const bits = BigInt(`0x${held[1]}`);
  const missing = Object.keys(CAPABILITIES).filter((name) => !((bits >> BigInt(CAPABILITIES[name]!)) & 1n));
  if (missing.length === 0) return yes(`holds ${Object.keys(CAPABILITIES).join(", ")}`);
  return no(`lacks ${missing.join(", ")}`, "run as root (sudo), or give the container these capabilities");
}

function cpus(): Answer {
  const mine = allowedCpus();
  if (mine.length >= 2) return yes(`may run on CPUs ${mine.join(", ")}`);
  return no(
    `may run on CPU ${mine[0]} alone`,
    "give the machine two CPUs: sender and receiver share one here",
  );
}

function clock(): Answer {
  const source = readFileSync(
    "/sys/devices/system/clocksource/clocksource0/current_clocksource",
    "utf8",
  ).trim();
  if (VDSO_CLOCKS.has(source)) return yes(`${source}, read in user space through the vDSO`);
  return no(
    `${source}: every look at the clock is a system call`,
    "see current_clocksource in /sys/devices/system/clocksource",
  );
}

function pmu(): Answer {
  try {
    close(openPerfEvent(PERF_TYPE_HARDWARE, 0));
    return yes("counts CPU cycles");
  } catch (error) {
    const hidden = no("this machine shows no hardware counters: most VMs hide them", "use bare metal");
    return meaningOf(error, { ENOENT: hidden, EOPNOTSUPP: hidden });
  }
}

function hugepages(): Answer {
  const meminfo = readFileSync("/proc/meminfo", "utf8");
  const free = Number(/^HugePages_Free:\s*(\d+)/m.exec(meminfo)?.[1] ?? Number.NaN);
  if (Number.isNaN(free)) return no("this kernel has no huge pages", "use a kernel with CONFIG_HUGETLBFS");
  if (free > 0) return yes(`${free} free`);
  return no("none is reserved", "as root: sysctl vm.nr_hugepages=64");
}
