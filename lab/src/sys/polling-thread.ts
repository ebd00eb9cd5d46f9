// The kernel thread that takes an io_uring's requests is a thread of our own process, if one that never runs our code. So /proc
// tells how long it has run.
import { readdirSync, readFileSync } from "node:fs";
import { patient } from "./patience.js";

const TASKS = "/proc/self/task";
/** Place of the CPU among the fields behind a thread's name. */
const PROCESSOR = 36;
/** What such a thread's name begins with; its maker's id follows. @source io_uring/sqpoll.c, io_sq_thread */
const PREFIX = "iou-sqp-";

/** Ids of the polling threads of this process's io_urings, in no order. @param maker only those of rings that this thread opened */
export function pollingThreads(maker?: number): number[] {
  const isOne = (name: string): boolean =>
    maker === undefined ? name.startsWith(PREFIX) : name === `${PREFIX}${maker}`;
  return readdirSync(TASKS)
    .filter((tid) => isOne(nameOf(tid)))
    .map(Number);
}

/** A new thread begins at once, unless others have the CPU. */
const BEGINS_WITHIN_MS = 1000;
const LOOK_EVERY_MS = 1;

/**
 * The polling thread of a ring that was opened just now. It takes its name when it first runs, so it is waited for.
 *
 * @param before the polling threads that there were before @param maker only one whose ring this thread opened
 * @throws Error where none begins within a second
 */
export function newPollingThread(before: readonly number[], maker?: number): number {
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  const deadline = performance.now() + patient(BEGINS_WITHIN_MS);
  do {
    const tid = pollingThreads(maker).find((each) => !before.includes(each));
    if (tid !== undefined) return tid;
    Atomics.wait(sleeper, 0, 0, LOOK_EVERY_MS);
  } while (performance.now() < deadline);
  throw new Error(
    `Cannot find the polling thread of a new io_uring: none has begun within ${patient(BEGINS_WITHIN_MS)} ms -> end what keeps the CPUs busy, then try again`,
  );
}

/** CPU on which a thread of this process ran last. @source proc_pid_stat(5), field 39, processor */
export function cpuOf(tid: number): number {
  const stat = readFileSync(`${TASKS}/${tid}/stat`, "utf8");
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[PROCESSOR]);
}

function nameOf(tid: string): string {
  try {
    return readFileSync(`${TASKS}/${tid}/comm`, "utf8").trim();
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
