// Every way for a packet to leave a program: how many a second, what one costs in CPU time, in system calls and in skbs. The far end
// drops each packet in its driver, the least that can be done with it, on the sender's CPU: so what differs is the sending.
import {
  chooseCpus,
  countSendEvents,
  describeMissing,
  type SendEvents,
  type SendPath,
  type SendPathName,
  SendStage,
  sendPaths,
} from "../../paths/index.js";
import { type Interval, median, medianInterval, shuffle } from "../../stats/index.js";
import { probeAll } from "../../sys/index.js";
import type { Context, Experiment } from "../experiment.js";

/** What to compare, and how often. */
export interface SendPathsParams {
  /** All that there are where empty. */
  readonly paths: readonly SendPathName[];
  readonly frameBytes: number;
  readonly batch: number;
  readonly rounds: number;
  readonly roundS: number;
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
}

/** The comparison: fastest path first. */
export interface SendPathsOutcome {
  readonly paths: readonly SendPathOutcome[];
  readonly missing: readonly { readonly title: string; readonly reason: string }[];
  readonly frameBytes: number;
  readonly cpu: number;
}

interface Samples {
  readonly pps: number[];
  readonly cpuNs: number[];
}

async function openAll(
  paths: readonly SendPath[],
  { frameBytes, batch }: SendPathsParams,
  context: Context,
): Promise<Map<SendPath, SendStage>> {
  const stages = new Map<SendPath, SendStage>();
  context.onClose(async () => {
    for (const stage of [...stages.values()].reverse()) await stage.close();
  });
  const cpus = chooseCpus(context.cpus);
  for (const path of paths) {
    stages.set(path, await SendStage.open({ path: path.name, frameBytes, options: { batch }, cpus }));
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
        throw new Error(`Cannot rate ${path.title}: ${run.unaccounted} packets unaccounted for`);
      if (round === 0) continue;
      samples.get(path)!.pps.push(run.sentPps);
      samples.get(path)!.cpuNs.push(run.cpuNsPerPacket);
    }
    context.progress(round / rounds, `sending, round ${round} of ${rounds}`);
    await context.breathe();
  }
  return samples;
}

async function run(params: SendPathsParams, context: Context): Promise<SendPathsOutcome> {
  const probes = await probeAll();
  const all = sendPaths
    .filter(({ name }) => params.paths.length === 0 || params.paths.includes(name))
    .map((path) => ({
      path,
      missing: probes.filter(({ name, state }) => path.needs.includes(name) && state !== "yes"),
    }));
  const found = all.filter(({ missing }) => missing.length === 0).map(({ path }) => path);
  const stages = await openAll(found, params, context);
  const samples = await playRounds(stages, params, context);
  const outcomes: SendPathOutcome[] = [];
  for (const [path, stage] of stages) {
    const { pps, cpuNs } = samples.get(path)!;
    const events = await countSendEvents(stage, params.counted);
    const { name, title, how, copies } = path;
    outcomes.push({
      ...{ name, title, how, copies, medianPps: median(pps), ...medianInterval(pps) },
      ...{ samplesPps: pps, cpuNs: median(cpuNs), events },
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
  defaults: { paths: [], frameBytes: 60, batch: 64, rounds: 10, roundS: 0.1, counted: 16_384 },
  unseen: [
    "a NIC: on a veth the far end's driver runs on the sender's CPU",
    "zero-copy transmit, which no veth has: AF_XDP makes an skb of each frame here",
  ],
  /** The fastest path over the slowest. */
  headline: ({ paths }) => paths[0].medianPps / paths[paths.length - 1].medianPps,
  run,
};
export default experiment;
