// A figure taken while something else was running is a figure of something else. So a measurement waits at the gate
// until the machine is quiet, and when it does not get quiet it refuses: no figure is better than a wrong one.
// Exact counts need no gate: an skb is an skb on a busy machine too.
import { execFile } from "node:child_process";
import { setTimeout as after } from "node:timers/promises";
import { promisify } from "node:util";
import { NotSupportedError } from "../base/index.js";
import { type CpuLoad, cpuLoads, readCpuTicks } from "./cpu-load.js";

/** What counts as quiet, and for how long to wait for it. */
export interface GateLimits {
  /** Share of a second that each CPU must be idle, 0 to 1. */
  readonly minIdle: number;
  /** Share of a second that the hypervisor may take from any CPU, 0 to 1. */
  readonly maxSteal: number;
  /** How long to wait for a quiet second before refusing, in ms. */
  readonly waitMs: number;
}

/** Nine tenths idle, next to no steal. A notebook measures up to five times, and a busy machine shall not hold it for minutes. */
export const GATE_LIMITS: GateLimits = { minIdle: 0.9, maxSteal: 0.01, waitMs: 8_000 };

/** How the gate ended: `reason` is null where the machine was quiet. */
export interface GateReading {
  readonly loads: readonly CpuLoad[];
  readonly waitedMs: number;
  readonly reason: string | null;
}

const WINDOW_MS = 1000;
const POLL_MS = 100;

/**
 * Waits for a quiet second.
 *
 * @param limits what counts as quiet
 * @param onWait is told why it waits, once a second at most
 * @param signal ends the wait early, by an AbortError
 */
export async function passGate(
  limits: GateLimits,
  onWait: (reason: string) => void,
  signal: AbortSignal,
): Promise<GateReading> {
  const start = performance.now();
  for (;;) {
    const loads = await loadOfWindow(signal);
    const reason = busyReason(loads, limits) ?? (await foreignXdp());
    const waitedMs = performance.now() - start;
    if (reason === null || waitedMs + WINDOW_MS > limits.waitMs) return { loads, waitedMs, reason };
    onWait(reason);
  }
}

/** Sleeps in short steps, so that an abort is noticed at once and a step never outlasts it. */
async function loadOfWindow(signal: AbortSignal): Promise<CpuLoad[]> {
  const before = readCpuTicks();
  const end = performance.now() + WINDOW_MS;
  while (performance.now() < end) await after(POLL_MS, undefined, { signal });
  return cpuLoads(before, readCpuTicks());
}

/** Why these loads are not quiet, or null where they are. */
export function busyReason(loads: readonly CpuLoad[], limits: GateLimits): string | null {
  const busy = loads.find(({ idle }) => idle < limits.minIdle);
  // A second has a hundred ticks, some seconds 99: one tick stolen is 1 %, not 1.01.
  const stolen = loads.find(({ steal }) => Math.round(steal * 100) > limits.maxSteal * 100);
  if (stolen !== undefined) {
    return `the hypervisor took ${percent(stolen.steal)} of CPU ${stolen.cpu} in the last second; at most ${percent(limits.maxSteal)} is allowed`;
  }
  if (busy === undefined) return null;
  // Rounded down: 89.6 % are not the 90 that are needed.
  return `CPU ${busy.cpu} was ${percent(Math.floor(busy.idle * 100) / 100)} idle in the last second; ${percent(limits.minIdle)} is needed`;
}

/** An XDP program on one of the host's own interfaces would handle packets behind our back. The lab's are in namespaces. */
async function foreignXdp(): Promise<string | null> {
  const links = JSON.parse(await listLinks()) as { ifname: string; xdp?: unknown }[];
  const foreign = links.find((link) => link.xdp !== undefined);
  return foreign === undefined ? null : `an XDP program that is not ours is attached to ${foreign.ifname}`;
}

async function listLinks(): Promise<string> {
  try {
    return (await promisify(execFile)("ip", ["-json", "link", "show"])).stdout;
  } catch (error) {
    throw new NotSupportedError(
      "the gate",
      "iproute2's ip",
      (error as Error).message,
      "run `sh vm/provision.sh`",
    );
  }
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
