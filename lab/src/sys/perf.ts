import { sysError } from "./errno.js";
import { holdDescriptor } from "./holdings.js";
import { lastErrno, libc } from "./library.js";

const syscallPerfEventOpen = libc.declare(
  "long syscall(long number, const uint8_t *attr, int pid, int cpu, int groupFd, unsigned long flags)",
);
const NUMBER: Readonly<Record<string, number>> = { x64: 298, arm64: 241 };
const ATTR_BYTES = 128;

/**
 * Opens a performance counter. The PMU is missing on most VMs: then this throws ENOENT or EOPNOTSUPP.
 *
 * @param type PERF_TYPE_HARDWARE is 0, PERF_TYPE_SOFTWARE is 1
 * @param config which event of that type, e.g. 0 for PERF_COUNT_HW_CPU_CYCLES
 * @param pid process, 0 for the caller
 * @param cpu CPU, -1 for any
 * @param config1 more of the event for types that need it, e.g. for a kprobe the address of the function's name
 * @returns A descriptor; reading 8 bytes gives the count as a u64 in host order.
 * @source perf_event_open(2)
 */
export function openPerfEvent(type: number, config: number, pid = 0, cpu = -1, config1 = 0): number {
  const attr = new Uint8Array(ATTR_BYTES);
  const view = new DataView(attr.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, ATTR_BYTES, true);
  view.setBigUint64(8, BigInt(config), true);
  view.setBigUint64(56, BigInt(config1), true);
  const fd = syscallPerfEventOpen(NUMBER[process.arch] ?? -1, attr, pid, cpu, -1, 0) as number;
  if (fd < 0) throw sysError("perf_event_open", `count event ${type}:${config}`, lastErrno());
  return holdDescriptor(fd);
}
