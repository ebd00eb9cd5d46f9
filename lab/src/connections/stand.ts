// Servers on host b, clients on host a, and what each of them and the kernel counted. Threads and wire stay from run to run, so
// that runs of different designs can take turns; listeners and connections are fresh every time.
import type { Testbed } from "../net/index.js";
import { LogHistogram } from "../stats/index.js";
import { type ListenerSharing, SERVER_DESIGNS, type ServerDesign } from "./design.js";
import {
  type ConnectionCounters,
  countersBetween,
  readConnectionCounters,
  timeWaits,
} from "./kernel-counters.js";
import { KernelThread } from "./kernel-thread.js";
import { openListeners } from "./listeners.js";
import { type LoadSpec, type LoadTally, runLoad } from "./load.js";
import { type Selection, selectBy } from "./selection.js";
import { Server, type ServerTally } from "./server.js";

/** Which CPUs serve and which ask; one thread each. */
export interface StandPlaces {
  readonly servers: readonly number[];
  readonly clients: readonly number[];
}

/** One run. The load is that of each client. */
export interface RunSpec extends LoadSpec {
  readonly design: ServerDesign;
  readonly sharing: ListenerSharing;
  /** Asks each connection which CPU its packets came in on. */
  readonly asksCore?: boolean;
  /** Connections that may wait for accept; 1024 unless given. */
  readonly backlog?: number;
  /** Ends the run early: the servers stop listening, and what the clients still open is refused. */
  readonly signal?: AbortSignal;
  /** How the kernel chooses among listeners for each core; by the hash of the flow unless given. */
  readonly selection?: Selection;
  /** C text of the program, where `selection` is `ebpf`; the lab's own unless given. */
  readonly selectionText?: string;
}

/** What a run came to. */
export interface RunTally {
  readonly servers: readonly ServerTally[];
  readonly clients: readonly LoadTally[];
  /** From the first client's start to the last one's end. */
  readonly elapsedNs: number;
  readonly completed: number;
  /** Connections that failed, by errno, over all clients. */
  readonly errors: Readonly<Record<string, number>>;
  /** Of all clients' connections, from the intended start to the last answer. */
  readonly latencyNs: LogHistogram;
  /** What the kernel counted on host b meanwhile. */
  readonly kernel: ConnectionCounters;
  /** Sockets that host b had in TIME-WAIT at the end. */
  readonly timeWaits: number;
}

const PORT = 8000;
const BACKLOG = 1024;

/** Runs `play` under observation. @param play opens the connections, and ends when the servers have nothing left to do */
export type Observe = (play: () => Promise<void>, servers: readonly number[]) => Promise<void>;

/** Threads of servers and clients on a testbed of two hosts. */
export class Stand {
  private readonly testbed: Testbed;
  private readonly servers: readonly KernelThread[];
  private readonly clients: readonly KernelThread[];

  private constructor(testbed: Testbed, servers: readonly KernelThread[], clients: readonly KernelThread[]) {
    this.testbed = testbed;
    this.servers = servers;
    this.clients = clients;
  }

  /** Starts the threads. @param testbed hosts a (clients) and b (servers) */
  static async open(testbed: Testbed, { servers, clients }: StandPlaces): Promise<Stand> {
    const on = (host: string, cpus: readonly number[]): Promise<KernelThread[]> =>
      Promise.all(cpus.map((cpu) => KernelThread.start({ cpu, namespace: testbed.path(host) })));
    return new Stand(testbed, await on("b", servers), await on("a", clients));
  }

  /**
   * Serves one load by one design.
   *
   * @param observe counts events while the load runs; the servers sleep before and after
   * @throws what a server or client threw
   */
  async run(spec: RunSpec, observe: Observe = (play) => play()): Promise<RunTally> {
    const namespace = this.testbed.path("b");
    const address = this.testbed.end("b").addresses[0]!.split("/")[0]!;
    const { nonblocking } = SERVER_DESIGNS[spec.design];
    const { sharing, backlog = BACKLOG, asksCore = false, selection = "hash" } = spec;
    const where = { namespace, address, port: PORT, servers: this.servers.length };
    const listeners = openListeners({ ...where, sharing, backlog, nonblocking });
    const stop = (): void => listeners.stop();
    spec.signal?.addEventListener("abort", stop);
    const servers: Server[] = [];
    let selector: { close(): void } | null = null;
    try {
      const group = listeners.fds.map((fd, i) => ({ fd, cpu: this.servers[i]!.cpu }));
      selector = sharing === "perCore" ? selectBy(selection, group, spec.selectionText) : null;
      for (const [i, thread] of this.servers.entries())
        servers.push(new Server(thread, { ...spec, asksCore, listener: listeners.fds[i]! }));
      const before = await settled(servers).then(() => readConnectionCounters(namespace));
      let clients: readonly LoadTally[] = [];
      const play = async (): Promise<void> => {
        clients = await Promise.all(this.clients.map((thread) => runLoad(thread, spec, address, PORT)));
        await settled(servers);
      };
      const tids = this.servers.map(({ tid }) => tid);
      await observe(play, tids);
      const kernel = countersBetween(before, readConnectionCounters(namespace));
      stop();
      const tallies = await Promise.all(servers.map((server) => server.finish()));
      return { ...sumOf(clients), servers: tallies, kernel, timeWaits: timeWaits(namespace) };
    } finally {
      spec.signal?.removeEventListener("abort", stop);
      stop(); // lets the threads go after an error, too
      await Promise.allSettled(servers.map((server) => server.finish()));
      selector?.close();
      listeners.close();
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.servers, ...this.clients].map((thread) => thread.close()));
  }
}

async function settled(servers: readonly Server[]): Promise<void> {
  await Promise.all(servers.map((server) => server.settled()));
}

function sumOf(clients: readonly LoadTally[]): Omit<RunTally, "servers" | "kernel" | "timeWaits"> {
  const errors: Record<string, number> = {};
  const latencyNs = new LogHistogram();
  for (const client of clients) {
    latencyNs.add(client.latencyNs);
    for (const [name, count] of Object.entries(client.errors)) errors[name] = (errors[name] ?? 0) + count;
  }
  return {
    clients,
    errors,
    latencyNs,
    elapsedNs: Math.max(...clients.map(({ elapsedNs }) => elapsedNs)),
    completed: clients.reduce((sum, { completed }) => sum + completed, 0),
  };
}
