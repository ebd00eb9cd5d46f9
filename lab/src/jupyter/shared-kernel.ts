// The kernel that belongs to a notebook's path, whoever asks for it: the course page and "Open in Jupyter" get the same
// one, with the same variables. It is attached to, not owned: letting go leaves it running.

import { setTimeout as delay } from "node:timers/promises";
import { KernelAPI, KernelConnection, type KernelMessage, SessionAPI } from "@jupyterlab/services";
import { patient } from "../sys/index.js";
import {
  ready,
  type ServerAddress,
  secondChance,
  type WayToServer,
  watchLife,
  wayToServer,
} from "./connection.js";
import { executeKept, type Followed, followRun, processOf } from "./kept-run.js";
import type { Executed } from "./kernel.js";
import { KERNEL_NAME } from "./notebook.js";
import type { OutputMessage } from "./outputs.js";
import { quietConsole } from "./quiet-console.js";

/** What could follow at a place in code. Positions in characters (not UTF-16 units) from the cell's beginning. */
export interface Completions {
  readonly matches: readonly string[];
  readonly start: number;
  readonly end: number;
}

/** A kernel that others may use too. */
export interface SharedKernel {
  readonly id: string;
  /** The name of its process, once it has told: where it was restarted, `id` is the same and this is another. Rejects as `death`. */
  readonly process: Promise<string>;
  /** Rejects when the kernel dies, or with a `ConnectionLostError`; from then on this object is of no use: attach again. */
  readonly death: Promise<never>;
  /**
   * Runs code for as long as it takes. When it fails, what others sent meanwhile is aborted, as Jupyter does.
   *
   * @param run a name of its own, by which it can be followed
   * @throws Error as `death`; where only the connection was lost the run goes on, and can be followed
   */
  run(run: string, code: string, onMessage: (message: OutputMessage) => void): Promise<Executed>;
  /**
   * Goes on with a run that somebody else began and can no longer listen to.
   *
   * @param onMessages told everything that the run has said, from its beginning, whenever that has changed
   * @returns null where this kernel has not run it
   * @throws Error as `death`
   */
  follow(run: string, onMessages: (messages: readonly OutputMessage[]) => void): Promise<Followed | null>;
  /** Sends a run whose request was lost on its way; a kernel that has it by now leaves it at that. It can be followed. */
  sendAgain(run: string, code: string): void;
  /** @returns null where the kernel is busy for longer than a reader would wait */
  complete(code: string, cursor: number): Promise<Completions | null>;
  /** @returns type and documentation of the name at the cursor; null where there is none, or the kernel is busy */
  inspect(code: string, cursor: number): Promise<string | null>;
  /** Asks the running cell to stop. */
  interrupt(): Promise<void>;
  /** Ends the process and starts another; variables are gone, and this object is of no use any more. */
  restart(): Promise<void>;
  /** Ends the process for good. */
  end(): Promise<void>;
  /** Lets go; the kernel runs on. */
  detach(): void;
}

const ATTACH_DEADLINE_MS = patient(20_000);
/** A suggestion that comes later than this comes too late. */
const ANSWER_DEADLINE_MS = 3_000;

/**
 * Attaches to the kernel of a path; where it has none, starts one.
 *
 * @param server a server that answers
 * @param path the notebook's path below the server's folder; the kernel runs in the folder of that path
 * @param isBusy whether a cell runs in it for all we know, and it cannot be asked whether it is ready
 * @throws Error where there is no kernel within 20 s, twice
 */
export async function attachKernel(
  server: ServerAddress,
  path: string,
  isBusy = false,
): Promise<SharedKernel> {
  const unquiet = quietConsole();
  try {
    return await secondChance(() => attachOnce(server, path, isBusy, unquiet));
  } catch (error) {
    unquiet();
    throw new Error(
      `Cannot attach to the kernel of ${path}: ${(error as Error).message} -> restart the kernel, or run npx ringside stop and npm start`,
    );
  }
}

async function attachOnce(
  server: ServerAddress,
  path: string,
  isBusy: boolean,
  unquiet: () => void,
): Promise<SharedKernel> {
  const { serverSettings, closedEarly } = wayToServer(server);
  const model = { path, name: path, type: "notebook", kernel: { name: KERNEL_NAME } };
  const session = await SessionAPI.startSession(model, serverSettings);
  const kernel = new KernelConnection({ model: session.kernel!, serverSettings });
  const { death } = watchLife(kernel, closedEarly);
  const late = new AbortController();
  try {
    const busy = isBusy || session.kernel?.execution_state === "busy";
    await Promise.race([busy ? connected(kernel) : ready(kernel), death, tooLate(late.signal)]);
  } catch (error) {
    kernel.dispose();
    throw error;
  } finally {
    late.abort();
  }
  const detach = (): void => {
    kernel.dispose();
    unquiet();
  };
  const process = Promise.race([processOf(kernel), death]);
  process.catch(() => {});
  return {
    ...{ id: kernel.id, process, death },
    detach,
    ...requests(kernel, death),
    ...orders(kernel.id, session.id, serverSettings),
  };
}

/** A kernel that is busy with a cell answers nothing else; that the connection stands has to do. */
function connected(kernel: KernelConnection): Promise<void> {
  if (kernel.connectionStatus === "connected") return Promise.resolve();
  return new Promise((resolve) => {
    kernel.connectionStatusChanged.connect((_sender, status) => {
      if (status === "connected") resolve();
    });
  });
}

async function tooLate(signal: AbortSignal): Promise<never> {
  await delay(ATTACH_DEADLINE_MS, undefined, { signal }).catch(() => {});
  throw new Error(`it did not answer for ${ATTACH_DEADLINE_MS / 1000} s`);
}

type Requests = Pick<SharedKernel, "run" | "follow" | "sendAgain" | "complete" | "inspect">;

function requests(kernel: KernelConnection, death: Promise<never>): Requests {
  return {
    async run(run, code, onMessage) {
      const future = executeKept(kernel, run, code);
      future.onIOPub = (message) => onMessage({ type: message.header.msg_type, content: message.content });
      future.done.catch(() => {});
      const reply = await Promise.race([future.done, death]);
      const { status, execution_count = null } = (reply as KernelMessage.IExecuteReplyMsg).content;
      return { status: status === "abort" ? "aborted" : status, executionCount: execution_count };
    },
    follow: (run, onMessages) => Promise.race([followRun(kernel, run, onMessages), death]),
    sendAgain(run, code) {
      const future = executeKept(kernel, run, code);
      future.done.catch(() => {});
      future.dispose();
    },
    async complete(code, cursor) {
      const reply = await soon(kernel.requestComplete({ code, cursor_pos: cursor }));
      if (reply?.content.status !== "ok") return null;
      const { matches, cursor_start, cursor_end } = reply.content;
      return { matches, start: cursor_start, end: cursor_end };
    },
    async inspect(code, cursor) {
      const reply = await soon(kernel.requestInspect({ code, cursor_pos: cursor, detail_level: 0 }));
      if (reply?.content.status !== "ok" || !reply.content.found) return null;
      return String(reply.content.data["text/plain"] ?? "") || null;
    },
  };
}

/** The answer, or null where it does not come soon or never will. */
async function soon<T>(answer: Promise<T>): Promise<T | null> {
  const late = new AbortController();
  const timeout = delay(ANSWER_DEADLINE_MS, null, { signal: late.signal }).catch(() => null);
  try {
    return await Promise.race([answer.catch(() => null), timeout]);
  } finally {
    late.abort();
  }
}

type Settings = WayToServer["serverSettings"];

type Orders = Pick<SharedKernel, "interrupt" | "restart" | "end">;

function orders(id: string, session: string, serverSettings: Settings): Orders {
  return {
    end: () => SessionAPI.shutdownSession(session, serverSettings),
    interrupt: () => KernelAPI.interruptKernel(id, serverSettings),
    restart: () => KernelAPI.restartKernel(id, serverSettings),
  };
}
