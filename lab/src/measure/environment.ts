// A figure without its machine is a rumour. Every result carries what a reader needs to doubt it: the kernel and how it
// was started, which mitigations are on, the CPU, the clock, the versions, and how busy the machine was.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { cpus, loadavg, platform, release, version } from "node:os";
import { gunzipSync } from "node:zlib";
import { allowedCpus, libbpfVersion } from "../sys/index.js";
import { readCpuTicks } from "./cpu-load.js";

/** The machine and its state at one moment. A fact that this machine does not tell reads `unknown`. */
export interface Environment {
  readonly date: string;
  /** Release and build, e.g. `6.1.0-18-amd64 #1 SMP PREEMPT_DYNAMIC`. */
  readonly kernel: string;
  readonly commandLine: string;
  /** From /sys/devices/system/cpu/vulnerabilities: `meltdown` -> `Mitigation: PTI`. */
  readonly mitigations: Readonly<Record<string, string>>;
  readonly cpuModel: string;
  readonly cpuCount: number;
  /** CPUs that this process may use. */
  readonly allowedCpus: readonly number[];
  /** `kvm`, `amazon`, ... where the CPU says that it is virtual, else `none seen`. */
  readonly hypervisor: string;
  /** Whether software acts the CPU (QEMU without KVM): what is counted there holds, what is timed is no processor's. */
  readonly emulated: boolean;
  readonly clocksource: string;
  /** The kernel's tick, and where that was read. */
  readonly hz: string;
  readonly node: string;
  readonly libbpf: string;
  /** Version of this library. */
  readonly lab: string;
  /** Load averages of 1, 5 and 15 minutes. */
  readonly load: readonly number[];
  /** Share of all CPU time since boot that the hypervisor took. */
  readonly stealSinceBoot: number;
}

/** Records the machine as it is now. Takes a few milliseconds. */
export function recordEnvironment(): Environment {
  return {
    date: new Date().toISOString(),
    kernel: `${release()} ${version()}`,
    commandLine: read("/proc/cmdline"),
    mitigations: mitigations(),
    cpuModel: cpuModel(),
    cpuCount: cpus().length,
    allowedCpus: onLinux(allowedCpus) ?? cpus().map((_, index) => index),
    hypervisor: hypervisor(),
    emulated: isEmulated(),
    clocksource: read("/sys/devices/system/clocksource/clocksource0/current_clocksource"),
    hz: hz(),
    node: process.version,
    libbpf: libbpfVersion(),
    lab: labVersion(),
    load: loadavg(),
    stealSinceBoot: onLinux(stealSinceBoot) ?? 0,
  };
}

/** Null on any other system: there the course is read and replayed, and nothing is measured. */
function onLinux<T>(ask: () => T): T | null {
  return platform() === "linux" ? ask() : null;
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return "unknown";
  }
}

function mitigations(): Record<string, string> {
  const folder = "/sys/devices/system/cpu/vulnerabilities";
  if (!existsSync(folder)) return {};
  return Object.fromEntries(readdirSync(folder).map((name) => [name, read(`${folder}/${name}`)]));
}

/** x86 names its CPU; arm64 gives the numbers of maker and part. */
function cpuModel(): string {
  const info = read("/proc/cpuinfo");
  const field = (name: string): string | undefined => new RegExp(`^${name}\\s*: (.*)$`, "m").exec(info)?.[1];
  const implementer = field("CPU implementer");
  return (
    field("model name") ??
    (implementer === undefined
      ? (cpus()[0]?.model ?? "unknown")
      : `implementer ${implementer} part ${field("CPU part")}`)
  );
}

function hypervisor(): string {
  const vendor = read("/sys/class/dmi/id/sys_vendor");
  const virtual = /^flags\s*:.*\bhypervisor\b/m.test(read("/proc/cpuinfo"));
  if (!virtual) return "none seen";
  return vendor === "unknown" ? "yes, unnamed" : vendor;
}

/** QEMU names itself with KVM and without. @source systemd-detect-virt(1): `qemu`, "software virtualization, without KVM" */
function isEmulated(): boolean {
  if (hypervisor() !== "QEMU") return false;
  try {
    return execFileSync("systemd-detect-virt", ["--vm"], { encoding: "utf8" }).trim() === "qemu";
  } catch {
    return false;
  }
}

/** The tick of the kernel itself; programs are always told USER_HZ, 100, whatever it is. */
function hz(): string {
  for (const path of ["/proc/config.gz", `/boot/config-${release()}`]) {
    const value = /^CONFIG_HZ=(\d+)$/m.exec(kernelConfig(path))?.[1];
    if (value !== undefined) return `${value} (${path})`;
  }
  return "unknown (no kernel configuration to read)";
}

function kernelConfig(path: string): string {
  try {
    const bytes = readFileSync(path);
    return (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  } catch {
    return "";
  }
}

function labVersion(): string {
  const manifest = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}

function stealSinceBoot(): number {
  const ticks = readCpuTicks();
  const sum = (pick: "steal" | "total"): number => ticks.reduce((total, cpu) => total + cpu[pick], 0);
  return sum("steal") / sum("total");
}
