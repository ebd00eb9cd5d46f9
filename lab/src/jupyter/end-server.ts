// The end of a Jupyter server, and of what it leaves: kernels that it did not manage to end, and its folder, where its last
// words are read before.

import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** A server that is to end. */
export interface Ending {
  readonly pid: number;
  /** Its own folder, where that is known. */
  readonly home?: string | undefined;
  isRunning(): boolean;
}

const DEADLINE_MS = 12_000;
const POLL_MS = 50;

/** Where a server and its kernels write their errors. @param home the server's own folder */
export function errorsFile(home: string): string {
  return join(home, "errors");
}

/** The last lines of that; empty where there are none. They say why a server or a kernel did not start. */
export function lastErrors(home: string): string {
  try {
    return readFileSync(errorsFile(home), "utf8").slice(-2000).trim().split("\n").slice(-3).join(" | ");
  } catch {
    return "";
  }
}

/** Ends a server and its kernels, and removes its folder. */
export async function endServer({ pid, home, isRunning }: Ending): Promise<void> {
  if (isRunning()) {
    const kernels = childrenOf(pid);
    signal(pid, "SIGTERM");
    const deadline = performance.now() + DEADLINE_MS;
    while (isRunning() && performance.now() < deadline) await delay(POLL_MS);
    if (isRunning()) signal(pid, "SIGKILL");
    // A kernel that its server did not manage to end.
    for (const kernel of kernels) signal(kernel, "SIGKILL");
  }
  if (home !== undefined) rmSync(home, { recursive: true, force: true });
}

function childrenOf(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
    return text.split(" ").filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** Signals a process, if it is still there. */
export function signal(pid: number, name: "SIGTERM" | "SIGKILL"): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended already.
  }
}
