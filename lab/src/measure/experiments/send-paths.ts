// Every way for a packet to leave a program: how many a second, how late at rates below that, what one costs in CPU time, in system
// calls and in skbs. The far end drops each packet in its driver, the least that can be done with it, on the sender's CPU: so what
// differs is the sending.
import {
  chooseCpus,
  countSendEvents,
  describeMissing,
  type SendEvents,
  type SendPath,
  type SendPathName,
  SendStage,
  type SendStageSpec,
  sendPathsAvailable,
} from "../../paths/index.js";
import { type Interval, median, medianInterval, shuffle } from "../../stats/index.js";
import type { Context, Experiment } from "../experiment.js";
import { type BelowLimit, type Carrier, measureBelowLimit } from "../path-latency.js";

/** What to compare, and how often. */
export interface SendPathsParams {
  /** All that there are where empty. */
  readonly paths: readonly SendPathName[];
  /** Frame length without check sequence, 60 to 1514; or the Internet's mix of lengths. */
  readonly frameBytes: number | "imix";
  readonly batch: number;
  readonly rounds: number;
  readonly roundS: number;
  /** Length of one trial of the search for the rate that a sender keeps, in seconds; 0 leaves search and latency out. */
  readonly trialS: number;
  /** Shares of that rate at which latency is taken, and for how long, in seconds. */
  readonly shares: readonly number[];
  readonly latencyS: number;
  /** Packets whose events are counted, a multiple of 128. */
  readonly counted: number;
}

/** One path. */
export interface SendPathOutcome extends Pick<SendPath, "name" | "title" | "how" | "copies">, Interval {
  /** Sent packets a second: the median over the rounds. */
  readonly medianPps: number;
  readonly samplesPps: readonly number[];
  /** CPU time of the sending thread with the far end's softirq, in ns a packet: the median over the rounds. */
  readonly cpuNs: number;
  readonly events: SendEvents;
  /** The rate that the sender keeps with nothing lost, and how late packets reach the far end's driver below it; null where it was left out. */
  readonly below: BelowLimit | null;
}

/** The comparison: fastest path first. */
export interface SendPathsOutcome {
  readonly paths: readonly SendPathOutcome[];
  readonly missing: readonly { readonly title: string; readonly reason: string }[];
  readonly frameBytes: number | "imix";
  readonly cpu: number;
}

/** How a sending path meets the load. */
function stageUnder(path: SendPath, { frameBytes, batch }: SendPathsParams, context: Context): SendStageSpec {
  const frames = frameBytes === "imix" ? { imix: true } : { frameBytes };
  return { path: path.name, ...frames, options: { batch }, cpus: chooseCpus(context.cpus) };
}

interface Samples {
  readonly pps: number[];
  readonly cpuNs: number[];
}

async function openAll(
  paths: readonly SendPath[],
  params: SendPathsParams,
  context: Context,
): Promise<Map<SendPath, SendStage>> {
  const stages = new Map<SendPath, SendStage>();
  context.onClose(async () => {
    for (const stage of [...stages.values()].reverse()) await stage.close();
  });
  for (const path of paths) {
    const stage = await SendStage.open(stageUnder(path, params, context));
    stages.set(path, stage);
    await stage.assertDelivery();
    await context.breathe();
  }
  return stages;
}

async function playRounds(
  stages: ReadonlyMap<SendPath, SendStage>,
  { rounds, roundS }: SendPathsParams,
  context: Context,
): Promise<Map<SendPath, Samples>> {
  const samples = new Map(
    [...stages.keys()].map((path): [SendPath, Samples] => [path, { pps: [], cpuNs: [] }]),
  );
  for (let round = 0; round <= rounds; round++) {
    for (const [path, stage] of shuffle([...stages], context.random)) {
      const run = await stage.run({ seconds: roundS }, context.signal);
      if (run.unaccounted !== 0)
        throw new Error(
          `Cannot rate ${path.title}: ${run.unaccounted} packets unaccounted for -> run the cell again while nothing else sends`,
        );
      if (round === 0) continue;
      samples.get(path)!.pps.push(run.sentPps);
      samples.get(path)!.cpuNs.push(run.cpuNsPerPacket);
    }
    context.progress(round / rounds, `sending, round ${round} of ${rounds}`);
    await context.breathe();
  }
  return samples;
}

/** What the sender keeps: a rate at which it is never behind, and the far end gets all of it. */
async function lookBelow(
  path: SendPath,
  aboutPps: number,
  params: SendPathsParams,
  context: Context,
): Promise<BelowLimit | null> {
  const { trialS, shares, latencyS } = params;
  if (trialS === 0) return null;
  const stage = await SendStage.open({ ...stageUnder(path, params, context), paced: true });
  const run: Carrier["run"] = async (load, signal) => {
    const { sent, sentPps, received, latencies } = await stage.run(load, signal);
    return { offered: sent, offeredPps: sentPps, received, latencies };
  };
  try {
    await stage.assertDelivery();
    const how = { aboutPps, trialS, shares, latencyS, precision: 0.03, confirmations: 2 };
    return await measureBelowLimit({ title: path.title, run }, how, context);
  } finally {
    await stage.close();
  }
}

async function run(params: SendPathsParams, context: Context): Promise<SendPathsOutcome> {
  const all = (await sendPathsAvailable()).filter(
    ({ path }) => params.paths.length === 0 || params.paths.includes(path.name),
  );
  const found = all.filter(({ missing }) => missing.length === 0).map(({ path }) => path);
  const stages = await openAll(found, params, context);
  const samples = await playRounds(stages, params, context);
  const outcomes: SendPathOutcome[] = [];
  for (const [path, stage] of stages) {
    const { pps, cpuNs } = samples.get(path)!;
    const events = await countSendEvents(stage, params.counted);
    const medianPps = median(pps);
    const below = await lookBelow(path, medianPps, params, context);
    const { name, title, how, copies } = path;
    outcomes.push({
      ...{ name, title, how, copies, medianPps, ...medianInterval(pps) },
      ...{ samplesPps: pps, cpuNs: median(cpuNs), events, below },
    });
  }
  return {
    paths: outcomes.sort((a, b) => b.medianPps - a.medianPps),
    missing: all
      .filter(({ missing }) => missing.length > 0)
      .map(({ path, missing }) => ({ title: path.title, reason: describeMissing(missing) })),
    frameBytes: params.frameBytes,
    cpu: chooseCpus(context.cpus).injector,
  };
}

const experiment: Experiment<SendPathsParams, SendPathsOutcome> = {
  name: "send-paths",
  module: import.meta.url,
  question: "What does a packet cost on each way out of a program?",
  needs: ["quiet", "root"],
  unit: "×",
  defaults: {
    ...{ paths: [], frameBytes: 60, batch: 64, rounds: 10, roundS: 0.1, counted: 16_384 },
    ...{ trialS: 0.1, shares: [0.2, 0.5, 0.8, 0.95], latencyS: 0.3 },
  },
  unseen: [
    "a NIC: on a veth the far end's driver runs on the sender's CPU",
    "zero-copy transmit, which no veth has: AF_XDP makes an skb of each frame here",
  ],
  /** The fastest path over the slowest. */
  headline: ({ paths }) => paths[0].medianPps / paths[paths.length - 1].medianPps,
  run,
};
export default experiment;
