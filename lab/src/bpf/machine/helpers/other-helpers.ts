// Clock, chance, and a line for the log. A machine that can step back must give the same answers again, so the clock
// counts calls and chance has a seed.
import type { Helper } from "./helper.js";

const clock: Helper = (world) => world.clockNs();

/** Fills `%d`, `%u`, `%x`, `%s` and the like with registers 3 to 5. @source kernel/trace/bpf_trace.c, bpf_trace_printk */
const print: Helper = (world, format, formatBytes, ...values) => {
  const text = textOf(world.memory.bytes("read", format, Number(formatBytes)));
  let next = 0;
  const line = text.replace(/%(?:l|ll|h|hh)?([diuxXps])/g, (_all, kind: string) => {
    const value = values[next++] ?? 0n;
    if (kind === "s") return "(text)";
    return kind === "d" || kind === "i"
      ? String(BigInt.asIntN(64, value))
      : value.toString(kind === "u" ? 10 : 16);
  });
  world.print(line.trimEnd());
  return BigInt(line.length);
};

function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(bytes.slice(0, end < 0 ? bytes.length : end));
}

/** By the names of include/uapi/linux/bpf.h, without `bpf_`. */
export const OTHER_HELPERS: Readonly<Record<string, Helper>> = {
  ktime_get_ns: clock,
  ktime_get_boot_ns: clock,
  ktime_get_coarse_ns: clock,
  get_prandom_u32: (world) => BigInt(world.random()),
  get_smp_processor_id: () => 0n,
  trace_printk: print,
};
