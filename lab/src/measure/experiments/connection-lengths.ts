// Does a batched interface with a listener for each core serve more, and does the length of a connection matter? Two servers and two
// clients, one of each on each core, keep both cores busy; designs take turns, and every length has its own pairs.
import { type ListenerSharing, SERVER_DESIGNS, type ServerDesign } from "../../connections/index.js";
import {
  median,
  medianInterval,
  noiseFloor,
  type PairedComparison,
  pairedComparison,
  shuffle,
} from "../../stats/index.js";
import { openTwoCores } from "../connection-stand.js";
import type { Experiment } from "../experiment.js";

/** Two ways to serve, and how long connections are. */
export interface ConnectionLengthsParams {
  readonly baseline: ServerDesign;
  readonly baselineSharing: ListenerSharing;
  readonly contender: ServerDesign;
  readonly contenderSharing: ListenerSharing;
  /** Questions on a connection, one point each. */
  readonly requests: readonly number[];
  /** 10 or more for a verdict. */
  readonly rounds: number;
  /** Questions in one run, over all connections. */
  readonly questions: number;
}

/** Medians of one way at one length. */
export interface LengthRate {
  readonly connectionsPerSecond: number;
  readonly questionsPerSecond: number;
  /** 95 % interval of `questionsPerSecond`. */
  readonly low: number;
  readonly high: number;
  /** CPU time of the server threads alone, a question. */
  readonly serverNs: number;
}

/** One length. */
export interface LengthPoint {
  readonly requests: number;
  readonly baseline: LengthRate;
  readonly contender: LengthRate;
  /** Rate of the contender over that of the baseline. */
  readonly comparison: PairedComparison;
  /** Server CPU time of the baseline over that of the contender. */
  readonly serverComparison: PairedComparison;
}

/** The curve. The figure that is guessed is the ratio of rates at the first length. */
export interface ConnectionLengthsOutcome {
  readonly baseline: string;
  readonly contender: string;
  readonly points: readonly LengthPoint[];
  /** Connections that failed, by errno, over all runs. */
  readonly errors: Readonly<Record<string, number>>;
}

type Way = "baseline" | "again" | "contender";
interface Sample {
  readonly seconds: number;
  readonly serverNs: number;
}
const WINDOW = 64;

const experiment: Experiment<ConnectionLengthsParams, ConnectionLengthsOutcome> = {
  name: "connection-lengths",
  module: import.meta.url,
  question: "What does batching and a listener for each core bring, by the length of a connection?",
  needs: ["root", "quiet"],
  unit: "×",
  defaults: {
    baseline: "epoll",
    baselineSharing: "shared",
    contender: "ioUringDirect",
    contenderSharing: "perCore",
    requests: [1, 2, 8, 32],
    rounds: 12,
    questions: 2000,
  },
  unseen: [
    "cores beyond the second: what grows with their number is not here",
    "a server alone: clients and the whole of TCP run on the same two cores, and both designs pay for them alike",
  ],
  headline: ({ points }) => points[0]!.comparison.medianRatio,
  async run(params, context) {
    const { baseline, contender, requests, rounds, questions } = params;
    const { stand } = await openTwoCores(context);
    const samples = new Map(
      requests.map((length) => [length, { baseline: [], again: [], contender: [] } as Samples]),
    );
    const errors: Record<string, number> = {};
    const ways: Way[] = ["baseline", "again", "contender"];
    const turns = requests.flatMap((length) => ways.map((way) => ({ length, way })));
    for (let round = -1; round < rounds; round++) {
      for (const { length, way } of shuffle(turns, context.random)) {
        const isContender = way === "contender";
        const tally = await stand.run({
          design: isContender ? contender : baseline,
          sharing: isContender ? params.contenderSharing : params.baselineSharing,
          connections: Math.max(1, Math.round(questions / length / 2)),
          requests: length,
          ratePerSecond: null,
          window: WINDOW,
          signal: context.signal,
        });
        await context.breathe();
        for (const [name, count] of Object.entries(tally.errors)) errors[name] = (errors[name] ?? 0) + count;
        const served = tally.completed * length;
        const serverNs = tally.servers.reduce((sum, { cpuNs }) => sum + cpuNs, 0) / served;
        if (round >= 0) samples.get(length)![way].push({ seconds: tally.elapsedNs / 1e9 / served, serverNs });
      }
      context.progress((round + 2) / (rounds + 1), `round ${round + 1} of ${rounds}`);
    }
    const points = requests.map((length) => pointOf(length, samples.get(length)!));
    const title = (design: ServerDesign, sharing: ListenerSharing): string =>
      `${SERVER_DESIGNS[design].title}, ${sharing === "shared" ? "one shared listener" : "a listener for each core"}`;
    return {
      baseline: title(baseline, params.baselineSharing),
      contender: title(contender, params.contenderSharing),
      points,
      errors,
    };
  },
};
export default experiment;

type Samples = Record<Way, Sample[]>;

function pointOf(requests: number, { baseline, again, contender }: Samples): LengthPoint {
  const of = (samples: Sample[], key: keyof Sample): number[] => samples.map((sample) => sample[key]);
  const compare = (key: keyof Sample): PairedComparison =>
    pairedComparison(of(baseline, key), of(contender, key), noiseFloor(of(baseline, key), of(again, key)));
  return {
    requests,
    baseline: rateOf(baseline, requests),
    contender: rateOf(contender, requests),
    comparison: compare("seconds"),
    serverComparison: compare("serverNs"),
  };
}

function rateOf(samples: readonly Sample[], requests: number): LengthRate {
  const rates = samples.map(({ seconds }) => 1 / seconds);
  const questionsPerSecond = median(rates);
  return {
    questionsPerSecond,
    connectionsPerSecond: questionsPerSecond / requests,
    ...medianInterval(rates),
    serverNs: median(samples.map(({ serverNs }) => serverNs)),
  };
}
