// How many system calls does a connection cost its server? Every call of the server's thread is counted by tracepoint, while it serves the
// same connections by each design: first one connection at a time, then many at once.
import { countCalls, SERVER_DESIGNS, type ServerDesign } from "../../connections/index.js";
import { apart, openStand } from "../connection-stand.js";
import type { Experiment } from "../experiment.js";

/** What to serve. */
export interface ConnectionCallsParams {
  readonly designs: readonly ServerDesign[];
  /** Questions on each connection: each count is a run of its own. */
  readonly requests: readonly number[];
  readonly connections: number;
  /** Connections that are open at once in the crowded runs. */
  readonly crowd: number;
}

/** Calls of one run. */
export interface ConnectionCallsRow {
  readonly design: ServerDesign;
  readonly title: string;
  readonly requests: number;
  /** Connections open at once. */
  readonly atOnce: number;
  readonly connections: number;
  readonly callsPerConnection: number;
  /** Calls by name, over all connections. */
  readonly byName: Readonly<Record<string, number>>;
}

/** All runs. The figure that is guessed is `callsPerConnection` of the first. */
export interface ConnectionCallsOutcome {
  readonly rows: readonly ConnectionCallsRow[];
  /** Events that were seen and not counted: 0 where every figure is exact. */
  readonly uncounted: number;
}

const experiment: Experiment<ConnectionCallsParams, ConnectionCallsOutcome> = {
  name: "connection-calls",
  module: import.meta.url,
  question: "How many system calls does a connection cost its server?",
  needs: ["root"],
  unit: "calls",
  defaults: {
    designs: ["oneByOne", "epoll", "ioUring", "ioUringDirect"],
    requests: [1, 2, 4],
    connections: 200,
    crowd: 64,
  },
  unseen: [
    "what a call costs: an io_uring_enter that carries forty requests is one call, and so is one that carries none",
    "the client's calls",
  ],
  headline: ({ rows }) => rows[0]!.callsPerConnection,
  async run({ designs, requests, connections, crowd }, context) {
    const { stand } = await openStand(context, apart(context));
    const plan = [1, crowd].flatMap((atOnce) =>
      requests.flatMap((questions) => designs.map((design) => ({ design, questions, atOnce }))),
    );
    const rows: ConnectionCallsRow[] = [];
    let uncounted = 0;
    for (const { design, questions, atOnce } of plan) {
      const { title } = SERVER_DESIGNS[design];
      context.progress(rows.length / plan.length, `${title}, ${questions} a connection, ${atOnce} at once`);
      const load = { connections, requests: questions, ratePerSecond: null, window: atOnce };
      const { signal } = context;
      const spec = { design, sharing: "shared" as const, ...load, signal };
      const counted = await countCalls(stand, spec);
      await context.breathe();
      uncounted += counted.uncounted;
      const { byName } = counted;
      const callsPerConnection = counted.calls / connections;
      rows.push({ design, title, requests: questions, atOnce, connections, callsPerConnection, byName });
    }
    return { rows, uncounted };
  },
};
export default experiment;
