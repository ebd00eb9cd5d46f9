// How long does a packet take to the end that its verdict gives it? No thread of ours sees such a packet: the program at its end reads
// the clock, and the packet's number tells when it was due. Four stages stand ready and take turns, in random order, at a rate so low
// that no packet waits for another; so what is compared ran under the same conditions.
import { chooseCpus, type PathName, type Stage, timedUntil } from "../../paths/index.js";
import { type Bucket, median, shuffle } from "../../stats/index.js";
import type { Context, Experiment } from "../experiment.js";
import { type Latency, latencyOf } from "../path-latency.js";
import { openStages } from "../path-stages.js";

/** How often, at which rate. */
export interface VerdictLatenciesParams {
  /** Turns of each verdict, from 1. */
  readonly rounds: number;
  /** Packets of one turn, and a second. */
  readonly packets: number;
  readonly ratePps: number;
}

/** Verdicts that are timed here, in native mode. */
export type TimedVerdict = "drop" | "pass" | "tx" | "redirect";

/** One verdict's packets, of all rounds. */
export interface VerdictLatency extends Latency {
  readonly title: string;
  /** What the time ends with, which begins when the packet was due: the words go after "until". */
  readonly timedUntil: string;
  readonly offered: number;
  /** Packets that came to their end, and of these the ones with a time: all of them, or the figure is void. */
  readonly received: number;
  readonly timed: number;
  /** The middle time of each round, in ns: number i of every verdict is of the same round. */
  readonly mediansNs: readonly number[];
}

/** All four. */
export interface VerdictLatenciesOutcome {
  readonly verdicts: Readonly<Record<TimedVerdict, VerdictLatency>>;
  readonly ratePps: number;
  /** The round trip by tx over the way to a drop: the median of the ratios of the rounds' middle times. It is guessed. */
  readonly backOverThere: number;
  /** The first CPU injected and ran the softirq. */
  readonly cpu: number;
}

const VERDICTS: Readonly<Record<TimedVerdict, PathName>> = {
  drop: "xdp-drop",
  pass: "xdp-pass",
  tx: "xdp-tx",
  redirect: "xdp-redirect",
};

interface Running {
  readonly stage: Stage;
  readonly buckets: Bucket[];
  readonly mediansNs: number[];
  offered: number;
  received: number;
}

function latencyFor({ stage, buckets, mediansNs, offered, received }: Running): VerdictLatency {
  const { path } = stage;
  const timed = buckets.reduce((sum, { count }) => sum + count, 0);
  const until = timedUntil(path)!;
  return { title: path.title, timedUntil: until, offered, received, timed, mediansNs, ...latencyOf(buckets) };
}

async function run(
  { rounds, packets, ratePps }: VerdictLatenciesParams,
  context: Context,
): Promise<VerdictLatenciesOutcome> {
  const cpus = chooseCpus(context.cpus);
  const names = Object.keys(VERDICTS) as TimedVerdict[];
  const specs = new Map(names.map((name) => [name, { path: VERDICTS[name], paced: true, cpus }]));
  const stages = await openStages(specs, context);
  const running = names.map((name): [TimedVerdict, Running] => [
    name,
    { stage: stages.get(name)!, buckets: [], mediansNs: [], offered: 0, received: 0 },
  ]);
  for (let round = 0; round <= rounds; round++) {
    for (const [, turn] of shuffle(running, context.random)) {
      const { offered, received, latencies } = await turn.stage.run(
        { frames: packets, ratePps },
        context.signal,
      );
      await context.breathe();
      if (round === 0) continue; // warming up
      turn.buckets.push(...latencies);
      turn.mediansNs.push(latencyOf(latencies).p50Ns);
      turn.offered += offered;
      turn.received += received;
    }
    context.progress(round / rounds, round === 0 ? "warming up" : `round ${round} of ${rounds}`);
  }
  const verdicts = Object.fromEntries(
    running.map(([name, turns]) => [name, latencyFor(turns)]),
  ) as VerdictLatenciesOutcome["verdicts"];
  const { tx, drop } = verdicts;
  const backOverThere = median(tx.mediansNs.map((ns, round) => ns / drop.mediansNs[round]!));
  return { verdicts, ratePps, backOverThere, cpu: cpus.injector };
}

const experiment: Experiment<VerdictLatenciesParams, VerdictLatenciesOutcome> = {
  name: "verdict-latencies",
  module: import.meta.url,
  question: "How long does a packet take to the end that its verdict gives it?",
  needs: ["quiet", "root"],
  unit: "×",
  defaults: { rounds: 10, packets: 250, ratePps: 5000 },
  unseen: [
    "what comes before: a packet is due when the injector should send it, not when a card has it",
    "what comes after: the stack behind pass, and whatever is behind the wire of tx and redirect",
    "packets that wait for each other: at this rate each is gone before the next one is due",
  ],
  headline: ({ backOverThere }) => backOverThere,
  run,
};
export default experiment;
