// What does a connection wait when they come at their own times? An open loop: a connection starts when it is due, whether or not the
// server keeps up, and its latency counts from then. The kernel's own counters stand beside ours.
import { type ConnectionCounters, SERVER_DESIGNS, type ServerDesign } from "../../connections/index.js";
import { apart, openStand } from "../connection-stand.js";
import type { Experiment } from "../experiment.js";

/** What load to offer. */
export interface ConnectionLoadParams {
  readonly design: ServerDesign;
  /** Connections a second, one run each. */
  readonly rates: readonly number[];
  /** How long each run offers them, in seconds. */
  readonly seconds: number;
  readonly requests: number;
  /** Connections that may wait for accept. */
  readonly backlog: number;
  /** After so many ms in which nothing happens, what is still open has timed out. */
  readonly patienceMs: number;
}

/** One rate. Latencies are from the intended start to the last answer. */
export interface ConnectionLoadPoint {
  readonly ratePerSecond: number;
  readonly offered: number;
  readonly completed: number;
  readonly errors: Readonly<Record<string, number>>;
  /** Connections that started more than an interval after their time. */
  readonly late: number;
  readonly mostOpen: number;
  readonly p50Us: number;
  readonly p99Us: number;
  readonly kernel: ConnectionCounters;
  readonly timeWaits: number;
}

/** All rates. The figure that is guessed is the p99 at the last of them. */
export interface ConnectionLoadOutcome {
  readonly design: string;
  readonly points: readonly ConnectionLoadPoint[];
}

const WINDOW = 2048;

const experiment: Experiment<ConnectionLoadParams, ConnectionLoadOutcome> = {
  name: "connection-load",
  module: import.meta.url,
  question: "How long does a connection take that comes at its own time?",
  needs: ["root", "quiet"],
  unit: "µs",
  defaults: {
    design: "epoll",
    rates: [500, 2000, 8000],
    seconds: 0.5,
    requests: 1,
    backlog: 1024,
    patienceMs: 1500,
  },
  unseen: ["a network: the wire is a veth pair, and nothing is ever lost on it"],
  headline: ({ points }) => points.at(-1)!.p99Us,
  async run({ design, rates, seconds, requests, backlog, patienceMs }, context) {
    const { stand } = await openStand(context, apart(context));
    const points: ConnectionLoadPoint[] = [];
    for (const ratePerSecond of rates) {
      context.progress(points.length / rates.length, `${ratePerSecond} connections a second`);
      const connections = Math.round(ratePerSecond * seconds);
      const load = { connections, requests, ratePerSecond, window: WINDOW, backlog, patienceMs };
      const tally = await stand.run({ design, sharing: "shared", ...load, signal: context.signal });
      await context.breathe();
      const [client] = tally.clients;
      if (tally.completed === 0)
        throw new Error(
          `Cannot time ${connections} connections to ${SERVER_DESIGNS[design].title}: none completed, ${JSON.stringify(tally.errors)} -> offer fewer`,
        );
      const at = (fraction: number): number => tally.latencyNs.quantile(fraction) / 1000;
      points.push({
        ratePerSecond,
        offered: connections,
        completed: tally.completed,
        errors: tally.errors,
        late: client!.late,
        mostOpen: client!.mostOpen,
        p50Us: at(0.5),
        p99Us: at(0.99),
        kernel: tally.kernel,
        timeWaits: tally.timeWaits,
      });
    }
    return { design: SERVER_DESIGNS[design].title, points };
  },
};
export default experiment;
