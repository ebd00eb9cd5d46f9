// The thread of a kernel thread: it stays on one CPU, in one network namespace, and runs the measurement kernels that it is told to.
import { parentPort, workerData } from "node:worker_threads";
import {
  blockSignals,
  enterNamespace,
  type KernelName,
  kernels,
  pinThread,
  threadCpuNs,
  threadId,
} from "../sys/index.js";

/** Where the thread lives. */
export interface ThreadPlace {
  readonly cpu: number;
  /** A namespace file; sockets that the kernel opens belong to it. */
  readonly namespace: string;
}

/** What to run. */
export interface ThreadCommand {
  readonly kernel: KernelName;
  readonly parameters: readonly number[];
}

/** What it says: first its id, then after every run what that took. */
export type ThreadMessage =
  | { readonly type: "ready"; readonly tid: number }
  | { readonly type: "ran"; readonly elapsedNs: number; readonly cpuNs: number }
  | { readonly type: "failed"; readonly error: Error };

function run({ kernel, parameters }: ThreadCommand): ThreadMessage {
  try {
    const before = threadCpuNs();
    const elapsedNs = kernels[kernel](1, ...parameters);
    return { type: "ran", elapsedNs, cpuNs: threadCpuNs() - before };
  } catch (error) {
    return { type: "failed", error: error as Error };
  }
}

const port = parentPort;
if (port !== null) {
  const { cpu, namespace } = workerData as ThreadPlace;
  blockSignals();
  pinThread([cpu]);
  enterNamespace(namespace);
  port.on("message", (command: ThreadCommand) => port.postMessage(run(command)));
  const ready: ThreadMessage = { type: "ready", tid: threadId() };
  port.postMessage(ready);
}
