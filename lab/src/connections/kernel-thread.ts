// A thread of its own for a measurement kernel that takes long: servers and clients run side by side, each on its CPU, while this
// thread stays free to watch them.
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { restoreClass } from "../base/index.js";
import type { KernelName } from "../sys/index.js";
import type { ThreadCommand, ThreadMessage, ThreadPlace } from "./kernel-worker.js";

/** What a run took. */
export interface ThreadRun {
  readonly elapsedNs: number;
  /** CPU time of the thread alone. */
  readonly cpuNs: number;
}

/** Longest wait for a thread to start or to sleep, in ms. */
const DEADLINE_MS = 10_000;
const LOOK_MS = 1;

/** A thread that runs measurement kernels. */
export class KernelThread {
  readonly cpu: number;
  /** Thread id, to trace it by. */
  readonly tid: number;
  private readonly worker: Worker;

  private constructor(place: ThreadPlace, worker: Worker, tid: number) {
    this.cpu = place.cpu;
    this.worker = worker;
    this.tid = tid;
  }

  /** Starts a thread. @throws what pinning it or entering its namespace threw */
  static async start(place: ThreadPlace): Promise<KernelThread> {
    const worker = new Worker(new URL("./kernel-worker.js", import.meta.url), { workerData: place });
    try {
      const ready = await next(worker, DEADLINE_MS);
      if (ready.type === "failed") throw ready.error;
      if (ready.type !== "ready")
        throw new Error(`Cannot start a kernel thread: it said ${ready.type} first -> run the cell again`);
      return new KernelThread(place, worker, ready.tid);
    } catch (error) {
      await worker.terminate();
      throw error;
    }
  }

  /** Runs a kernel once. @param parameters what its C source takes beside `iterations` @throws what it threw */
  async run(kernel: KernelName, ...parameters: number[]): Promise<ThreadRun> {
    const command: ThreadCommand = { kernel, parameters };
    this.worker.postMessage(command);
    const message = await next(this.worker);
    if (message.type === "failed") throw message.error;
    if (message.type === "ran") return message;
    throw new Error(
      `Cannot run kernel ${kernel}: its thread said ${message.type} -> start another thread, as running the cell again does`,
    );
  }

  /** Waits until the thread sleeps inside the kernel. @throws Error where it does not in time */
  async asleep(): Promise<void> {
    const end = performance.now() + DEADLINE_MS;
    while (stateOf(this.tid) !== "S") {
      if (performance.now() > end)
        throw new Error(
          `Cannot wait for thread ${this.tid} to sleep: it still ran after ${DEADLINE_MS} ms -> run it again on a quieter machine`,
        );
      await delay(LOOK_MS);
    }
  }

  /** Ends the thread. A kernel that still runs must be let go first. */
  async close(): Promise<void> {
    await this.worker.terminate();
  }
}

/** `S` sleeping, `R` running, ... @source proc(5), /proc/pid/task/tid/stat */
function stateOf(tid: number): string {
  const text = readFileSync(`/proc/self/task/${tid}/stat`, "utf8");
  return text[text.lastIndexOf(")") + 2]!;
}

/** The next message of a worker. @param deadlineMs how long to wait; for ever unless given */
function next(worker: Worker, deadlineMs?: number): Promise<ThreadMessage> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      clearTimeout(timer);
      worker.off("message", heard).off("error", failed).off("exit", ended);
    };
    const heard = (message: ThreadMessage): void => {
      settle();
      resolve(message);
    };
    const failed = (error: Error): void => {
      settle();
      reject(restoreClass(error));
    };
    const ended = (): void =>
      failed(new Error("Cannot hear a kernel thread: it has ended -> run the cell again"));
    const late = (): void =>
      failed(
        new Error(
          `Cannot hear a kernel thread: silent for ${deadlineMs} ms -> run it again on a quieter machine`,
        ),
      );
    const timer = deadlineMs === undefined ? undefined : setTimeout(late, deadlineMs);
    worker.on("message", heard).on("error", failed).on("exit", ended);
  });
}
