// One server: a design's loop on a thread, its listener, and the counters that it keeps in memory we can read meanwhile.
import { setTimeout as delay } from "node:timers/promises";
import { SERVER_DESIGNS, type ServerDesign } from "./design.js";
import type { KernelThread, ThreadRun } from "./kernel-thread.js";
import { Words } from "./words.js";

/** What one server did. */
export interface ServerTally {
  readonly cpu: number;
  readonly accepted: number;
  readonly answered: number;
  readonly closed: number;
  /** Accepted on the CPU that the connection's packets came in on, and on another; both 0 unless asked for. */
  readonly onCore: number;
  readonly offCore: number;
  /** Connections that ended before their last answer. */
  readonly failed: number;
  /** CPU time of the server's thread. */
  readonly cpuNs: number;
}

/** What a server is to do. */
export interface ServerOrder {
  readonly design: ServerDesign;
  readonly listener: number;
  /** Questions on each connection. */
  readonly requests: number;
  /** Asks each connection for SO_INCOMING_CPU: one more system call. */
  readonly asksCore: boolean;
}

// struct lab_server of kernels/native/accept_server.h
const FIELDS = [
  "listener",
  "requests",
  "asksCore",
  "direct",
  "ready",
  "accepted",
  "answered",
  "closed",
  "onCore",
  "offCore",
  "failed",
] as const;

/** A server that runs until its listener is stopped. */
export class Server {
  private readonly thread: KernelThread;
  private readonly words: Words<(typeof FIELDS)[number]> = new Words(FIELDS);
  private readonly ending: Promise<ThreadRun>;
  private tally: Promise<ServerTally> | undefined;
  private failure: unknown;

  /** Starts it. */
  constructor(thread: KernelThread, { design, listener, requests, asksCore }: ServerOrder) {
    const { kernel, direct } = SERVER_DESIGNS[design];
    this.thread = thread;
    this.words.set({ listener, requests, asksCore: Number(asksCore), direct: Number(direct) });
    this.ending = thread.run(kernel, this.words.address);
    this.ending.catch((error: unknown) => {
      this.failure = error;
    });
  }

  /** Waits until it waits for connections. @throws what ended it */
  async settled(): Promise<void> {
    while (this.words.get("ready") === 0) {
      if (this.failure !== undefined) throw this.failure;
      await delay(1);
    }
    await this.thread.asleep();
    if (this.failure !== undefined) throw this.failure;
  }

  /** Waits for its end: stop its listener first. A second call gives the same again. @throws what its loop threw */
  finish(): Promise<ServerTally> {
    this.tally ??= this.ending.then(({ cpuNs }) => this.read(cpuNs)).finally(() => this.words.close());
    return this.tally;
  }

  private read(cpuNs: number): ServerTally {
    const of = (field: (typeof FIELDS)[number]): number => this.words.get(field);
    return {
      cpu: this.thread.cpu,
      accepted: of("accepted"),
      answered: of("answered"),
      closed: of("closed"),
      onCore: of("onCore"),
      offCore: of("offCore"),
      failed: of("failed"),
      cpuNs,
    };
  }
}
