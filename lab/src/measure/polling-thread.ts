// The kernel thread that takes an io_uring's requests is a thread of our own process, if one that never runs our code. So /proc
// tells how long it has run.
import { readdirSync, readFileSync } from "node:fs";

const TASKS = "/proc/self/task";

/** Ids of the polling threads of this process's io_urings, in no order. */
export function pollingThreads(): number[] {
  return readdirSync(TASKS)
    .filter((tid) => nameOf(tid).startsWith("iou-sqp-"))
    .map(Number);
}

function nameOf(tid: string): string {
  try {
    return readFileSync(`${TASKS}/${tid}/comm`, "utf8");
  } catch {
    return ""; // it has ended
  }
}

/**
 * CPU time that a thread of this process has used, in ns. The kernel brings it up to date at each tick, so for a thread that is
 * running it may be late by one: take it over many ticks.
 *
 * @source Documentation/scheduler/sched-stats.rst, /proc/<pid>/schedstat
 */
export function cpuNsOf(tid: number): number {
  return Number(readFileSync(`${TASKS}/${tid}/schedstat`, "utf8").split(" ")[0]);
}
