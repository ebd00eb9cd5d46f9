// How many short connections does each design serve a second? One server on a CPU, one client on another, as fast as it goes; designs take
// turns in random order.
import { SERVER_DESIGNS, type ServerDesign } from "../../connections/index.js";
import { noiseFloor, type PairedComparison, pairedComparison, shuffle } from "../../stats/index.js";
import { apart, openStand } from "../connection-stand.js";
import type { Experiment } from "../experiment.js";

/** How often. */
export interface AcceptRatesParams {
  /** 10 or more for a verdict. */
  readonly rounds: number;
  /** Connections of a run. */
  readonly connections: number;
}

/** One design. */
export interface AcceptRate {
  readonly design: ServerDesign;
  readonly title: string;
  /** Connections a second, one figure a round. */
  readonly samplesPerS: readonly number[];
  /** CPU time of the server's thread, a connection, one figure a round. */
  readonly serverNs: readonly number[];
  /** Rate over that of epoll. */
  readonly overEpoll: PairedComparison;
}

/** All designs. The figure that is guessed is the rate of io_uring over that of epoll. */
export interface AcceptRatesOutcome {
  readonly rates: readonly AcceptRate[];
  /** Connections that failed, by errno, over all runs. */
  readonly errors: Readonly<Record<string, number>>;
}

interface Sample {
  readonly perSecond: number;
  readonly serverNs: number;
}
const WINDOW = 64;
const AGAIN = "epoll, again";

const experiment: Experiment<AcceptRatesParams, AcceptRatesOutcome> = {
  name: "accept-rates",
  module: import.meta.url,
  question: "How many short connections does each design serve a second?",
  needs: ["root", "quiet"],
  unit: "×",
  defaults: { rounds: 15, connections: 1000 },
  unseen: ["a server that is slower than its client: here the client's core is the busier of the two"],
  headline: ({ rates }) => rates.find(({ design }) => design === "ioUring")!.overEpoll.medianRatio,
  async run({ rounds, connections }, context) {
    const { stand } = await openStand(context, apart(context));
    const designs = Object.keys(SERVER_DESIGNS) as ServerDesign[];
    const variants = [
      ...designs.map((design) => ({ name: design as string, design })),
      { name: AGAIN, design: "epoll" as const },
    ];
    const samples = new Map<string, Sample[]>(variants.map(({ name }) => [name, []]));
    const errors: Record<string, number> = {};
    for (let round = -1; round < rounds; round++) {
      for (const { name, design } of shuffle(variants, context.random)) {
        const load = {
          connections,
          requests: 1,
          ratePerSecond: null,
          window: WINDOW,
          signal: context.signal,
        };
        const tally = await stand.run({ design, sharing: "shared", ...load });
        await context.breathe();
        for (const [errno, count] of Object.entries(tally.errors))
          errors[errno] = (errors[errno] ?? 0) + count;
        const perSecond = (tally.completed / tally.elapsedNs) * 1e9;
        const serverNs = tally.servers[0]!.cpuNs / tally.completed;
        if (round >= 0) samples.get(name)!.push({ perSecond, serverNs });
      }
      context.progress((round + 2) / (rounds + 1), `round ${round + 1} of ${rounds}`);
    }
    const ratesOf = (name: string): number[] => samples.get(name)!.map(({ perSecond }) => perSecond);
    const noise = noiseFloor(ratesOf("epoll"), ratesOf(AGAIN));
    const rates = designs.map(
      (design): AcceptRate => ({
        design,
        title: SERVER_DESIGNS[design].title,
        samplesPerS: ratesOf(design),
        serverNs: samples.get(design)!.map(({ serverNs }) => serverNs),
        overEpoll: pairedComparison(ratesOf(design), ratesOf(design === "epoll" ? AGAIN : "epoll"), noise),
      }),
    );
    return { rates, errors };
  },
};
export default experiment;
