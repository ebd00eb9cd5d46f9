// A notebook kernel of one's own: it is started for a run, takes cells one after another, each within its time, and goes
// when the run is over. `connection.ts` says how a kernel is reached; `shared-kernel.ts` is the one that a reader keeps.

import { setTimeout as delay } from "node:timers/promises";
import { KernelAPI, KernelConnection, SessionAPI } from "@jupyterlab/services";
import { patient } from "../sys/index.js";
import { ready, secondChance, watchLife, wayToServer } from "./connection.js";
import { KERNEL_NAME } from "./notebook.js";
import type { OutputMessage } from "./outputs.js";
import { quietConsole } from "./quiet-console.js";
import type { JupyterServer } from "./server.js";

/** How one cell ended. */
export interface Executed {
  readonly status: "ok" | "error" | "aborted" | "timeout";
  readonly executionCount: number | null;
}

/** A kernel that takes cells. */
export interface RunningKernel {
  readonly id: string;
  /**
   * Runs code, and interrupts it when its time is over.
   *
   * @param code a cell
   * @param budgetMs time it may take
   * @param onMessage called for each iopub message
   * @throws Error where the kernel dies, or does not even react to the interrupt
   */
  execute(code: string, budgetMs: number, onMessage: (message: OutputMessage) => void): Promise<Executed>;
  interrupt(): Promise<void>;
  /** Shuts the kernel down; calling it again does nothing. */
  close(): Promise<void>;
}

const START_DEADLINE_MS = patient(20_000);
const INTERRUPT_DEADLINE_MS = 3_000;
const INTERRUPT_PATIENCE_MS = 1_000;
const CLOSE_DEADLINE_MS = 5_000;
const RETRY_MS = 200;

/**
 * Starts a kernel for a notebook.
 *
 * @param server a server that answers
 * @param path the notebook's path below the server's folder; the kernel runs in the folder of that path
 * @throws Error where two kernels in a row do not start within 20 s each
 */
export async function startKernel(server: JupyterServer, path: string): Promise<RunningKernel> {
  const unquiet = quietConsole();
  try {
    return await secondChance(() => startOnce(server, path, unquiet));
  } catch (error) {
    unquiet();
    throw new Error(
      `Cannot start a kernel for ${path}: ${(error as Error).message}${server.lastWords()} -> ${SEE_LOG}`,
    );
  }
}

async function startOnce(server: JupyterServer, path: string, unquiet: () => void): Promise<RunningKernel> {
  const { serverSettings, closedEarly } = wayToServer(server);
  const session = await SessionAPI.startSession(
    { path, name: path, type: "notebook", kernel: { name: KERNEL_NAME } },
    serverSettings,
  );
  const kernel = new KernelConnection({ model: session.kernel!, serverSettings });
  const close = closeOnce(kernel, session.id, server);
  const life = watchLife(kernel, closedEarly);
  const late = deadline(START_DEADLINE_MS, () => `it did not start (${kernel.connectionStatus})`);
  try {
    await Promise.race([ready(kernel), life.death, late]);
  } catch (error) {
    await close();
    throw error;
  }
  const interrupt = (): Promise<void> => KernelAPI.interruptKernel(kernel.id, serverSettings);
  const execute: RunningKernel["execute"] = (code, budgetMs, onMessage) =>
    executeWithin({ kernel, interrupt, death: life.death }, code, budgetMs, onMessage);
  return { id: kernel.id, execute, interrupt, close: () => close().finally(unquiet) };
}

const SEE_LOG = "start it by hand with node kernels/jupyter/launch.cjs to see what it says";

interface Target {
  readonly kernel: KernelConnection;
  readonly interrupt: () => Promise<void>;
  readonly death: Promise<never>;
}

async function executeWithin(
  { kernel, interrupt, death }: Target,
  code: string,
  budgetMs: number,
  onMessage: (message: OutputMessage) => void,
): Promise<Executed> {
  const future = kernel.requestExecute({ code, stop_on_error: true, allow_stdin: false });
  future.onIOPub = (message) => onMessage({ type: message.header.msg_type, content: message.content });
  // A disposed future rejects; by then nobody waits for it.
  future.done.catch(() => {});
  const late = timer(budgetMs);
  try {
    const first = await Promise.race([future.done, death, late.done]);
    if (first !== undefined) return executed(first.content);
  } finally {
    late.cancel();
  }
  const until = performance.now() + INTERRUPT_DEADLINE_MS;
  while (performance.now() < until) {
    // Again, should the first have come before the kernel had taken the cell up.
    await interrupt();
    const patience = timer(INTERRUPT_PATIENCE_MS);
    const reply = await Promise.race([future.done, death, patience.done]).finally(patience.cancel);
    if (reply !== undefined) return { ...executed(reply.content), status: "timeout" };
  }
  throw new Error("it ran over its time and does not react to an interrupt");
}

function executed(content: { status: string; execution_count?: number | null }): Executed {
  const status = content.status === "ok" || content.status === "error" ? content.status : "aborted";
  return { status, executionCount: content.execution_count ?? null };
}

function closeOnce(kernel: KernelConnection, sessionId: string, server: JupyterServer): () => Promise<void> {
  let closing: Promise<void> | null = null;
  return () => {
    // Disposed first: a connection that is lost while it is still ours would be taken up again.
    if (closing === null) kernel.dispose();
    closing ??= endSession(server, sessionId);
    return closing;
  };
}

/** Ends a session and its kernel. A server that is just restarting the kernel answers 500, so it is asked again. */
async function endSession({ baseUrl, token }: JupyterServer, id: string): Promise<void> {
  const request = { method: "DELETE", headers: { Authorization: `token ${token}` } };
  const until = performance.now() + CLOSE_DEADLINE_MS;
  while (performance.now() < until) {
    const answer = await fetch(`${baseUrl}api/sessions/${id}`, request).catch(() => null);
    if (answer === null || answer.ok || answer.status === 404) return;
    await delay(RETRY_MS);
  }
}

function timer(ms: number): { readonly done: Promise<undefined>; cancel(): void } {
  let handle: NodeJS.Timeout;
  const done = new Promise<undefined>((resolve) => {
    handle = setTimeout(() => resolve(undefined), ms);
  });
  return { done, cancel: () => clearTimeout(handle) };
}

function deadline(ms: number, message: () => string): Promise<never> {
  return new Promise((_resolve, reject) => {
    setTimeout(() => reject(new Error(message())), ms).unref();
  });
}
