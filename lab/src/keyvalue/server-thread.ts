// The server's thread as its maker sees it: start it, ask what it did, end it, and notice when it died.
import { Worker } from "node:worker_threads";
import { restoreClass } from "../base/index.js";
import type { BpfMapSpec } from "../sys/index.js";
import type { KvServerCounts, KvWriteOrder } from "./server.js";

/** What a server is started with. */
export interface KvServerSpec {
  readonly namespace: string;
  readonly cpu: number;
  readonly address: string;
  readonly port: number;
  readonly queued: number;
  /** Keys 0 to `keys - 1` exist from the start, at version 1; the first ones are cached. */
  readonly keys: number;
  readonly cache: BpfMapSpec | null;
  readonly order: KvWriteOrder;
}

/** What it says when asked: its counts, and each key's version by key. */
export interface KvServerReport {
  readonly counts: KvServerCounts;
  readonly versions: ReadonlyMap<number, number>;
}

/** Control words. */
export const COMMAND = { serve: 0, report: 1, stop: 2 } as const;
/** How long it may take to open, to report, to end, in ms. */
const DEADLINE_MS = 10_000;

/** A server on a CPU of its own. */
export class KvServerThread {
  private readonly worker: Worker;
  private readonly control: Int32Array = new Int32Array(new SharedArrayBuffer(4));
  private readonly gone: Promise<Error>;

  private constructor(spec: KvServerSpec) {
    const workerData = { spec, control: this.control };
    this.worker = new Worker(new URL("./server-worker.js", import.meta.url), { workerData });
    this.gone = new Promise((resolve) => {
      this.worker.once("error", (error: Error) => resolve(restoreClass(error)));
      this.worker.once("exit", () =>
        resolve(new Error("Cannot ask the server: its thread has ended -> open another")),
      );
    });
  }

  /** Starts it and waits until its socket is open. @throws what opening threw */
  static async open(spec: KvServerSpec): Promise<KvServerThread> {
    const thread = new KvServerThread(spec);
    await thread.message();
    return thread;
  }

  /** Asks what it did so far. Takes up to 20 ms. @throws what ended the thread */
  async report(): Promise<KvServerReport> {
    const answer = this.message<KvServerReport>();
    this.say(COMMAND.report);
    return answer;
  }

  /** Ends it in good order, or by force where it does not answer. */
  async close(): Promise<void> {
    this.say(COMMAND.stop);
    const timer = setTimeout(() => void this.worker.terminate(), DEADLINE_MS);
    await this.gone;
    clearTimeout(timer);
  }

  private say(command: number): void {
    Atomics.store(this.control, 0, command);
  }

  private async message<T>(): Promise<T> {
    const heard = new AbortController();
    const silence = new Promise<Error>((resolve) => {
      const error = new Error(
        `Cannot ask the server: it said nothing in ${DEADLINE_MS} ms -> run it again on a quieter machine`,
      );
      const timer = setTimeout(() => resolve(error), DEADLINE_MS);
      heard.signal.addEventListener("abort", () => clearTimeout(timer));
    });
    const answer = new Promise<{ message: T }>((resolve) => {
      this.worker.once("message", (message: T) => resolve({ message }));
    });
    const first = await Promise.race([answer, silence, this.gone]);
    heard.abort();
    if (first instanceof Error) throw first;
    return first.message;
  }
}
