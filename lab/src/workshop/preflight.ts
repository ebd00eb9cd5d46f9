// Is this machine fit for the room? Found out before anybody joins: what the agenda's notebooks need, by trying; memory for the
// kernels; room on the disk; and an address that the room can reach.

import { spawnSync } from "node:child_process";
import { statfsSync } from "node:fs";
import { availableParallelism, freemem } from "node:os";
import type { PreflightLine } from "../course/index.js";
import { type Probe, type ProbeName, probeAll, tierOf } from "../sys/index.js";

/** Memory of a learner's kernel, in MB: a round figure above what one had after notebook 20, 285 (190 before its first cell). */
const KERNEL_MB = 300;
const DISK_MB_EACH = 50;

/** What a preflight is about. */
export interface PreflightSpec {
  /** How many learners are expected. */
  readonly learners: number;
  /** Where the room's folder will be. */
  readonly folder: string;
  /** Whether the room can reach us from other machines. */
  readonly reachable: boolean;
}

/** Looks at the machine; takes about two seconds and leaves nothing behind. */
export async function preflight(spec: PreflightSpec): Promise<PreflightLine[]> {
  const probes = await probeAll();
  return [packets(probes), ...tools(probes), views(), memory(spec), cores(), disk(spec), reach(spec)];
}

function packets(probes: readonly Probe[]): PreflightLine {
  const { tier, reason } = tierOf(probes);
  const wanting = probes.find(({ state, next }) => state !== "yes" && next !== "");
  return tier === "T0"
    ? {
        name: "live packets",
        state: "missing",
        found: reason,
        next: wanting?.next ?? "run npx ringside doctor",
      }
    : { name: "live packets", state: "ok", found: reason, next: "" };
}

/** What some notebooks need beside packets. */
const TOOLS: Partial<Record<ProbeName, string>> = {
  ioUring: "io_uring",
  dpdk: "DPDK, for notebook 35",
  clang: "clang, for programs that learners write",
};

function tools(probes: readonly Probe[]): PreflightLine[] {
  return probes.flatMap(({ name, state, reason, next }): PreflightLine[] => {
    const what = TOOLS[name];
    if (what === undefined) return [];
    return [{ name: what, state: state === "yes" ? "ok" : "warning", found: reason, next }];
  });
}

/** Whether a learner's kernel can be kept from seeing the others' folders. @source unshare(1) */
function views(): PreflightLine {
  const { status } = spawnSync("unshare", ["--mount", "true"], { stdio: "ignore" });
  if (status === 0)
    return { name: "own folders", state: "ok", found: "cells see their own learner's", next: "" };
  return {
    name: "own folders",
    state: "warning",
    found: "no mount namespaces: a cell can read every learner's folder",
    next: "lead the room as root, outside of a container",
  };
}

function memory({ learners }: PreflightSpec): PreflightLine {
  const freeMb = Math.round(freemem() / 2 ** 20);
  const carries = Math.floor(freeMb / KERNEL_MB);
  const found = `${freeMb} MB are free, enough for ${carries} kernels of ${KERNEL_MB} MB; a kernel starts when its learner runs a cell`;
  if (carries >= learners) return { name: "memory", state: "ok", found, next: "" };
  return {
    name: "memory",
    state: "warning",
    found,
    next: `a machine with ${learners * KERNEL_MB} MB free carries ${learners} learners`,
  };
}

function cores(): PreflightLine {
  const count = availableParallelism();
  const found = `${count}; measurements take turns, one at a time`;
  if (count >= 2) return { name: "CPUs", state: "ok", found, next: "" };
  return {
    name: "CPUs",
    state: "warning",
    found,
    next: "with one CPU, reading disturbs measuring; take a machine with two",
  };
}

function disk({ learners, folder }: PreflightSpec): PreflightLine {
  const { bavail, bsize } = statfsSync(folder);
  const freeMb = Math.round((bavail * bsize) / 2 ** 20);
  const found = `${freeMb} MB are free for what learners write`;
  if (freeMb >= learners * DISK_MB_EACH) return { name: "disk", state: "ok", found, next: "" };
  return { name: "disk", state: "warning", found, next: `free ${learners * DISK_MB_EACH} MB` };
}

function reach({ reachable }: PreflightSpec): PreflightLine {
  return reachable
    ? { name: "address", state: "ok", found: "other machines can reach the room", next: "" }
    : {
        name: "address",
        state: "warning",
        found:
          "the room is on the loopback address: only this machine, and who forwards a port to it, can join",
        next: "start it with --listen and an address of this machine, in a network that you trust",
      };
}
