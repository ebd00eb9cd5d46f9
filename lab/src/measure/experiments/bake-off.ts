// Every way for a packet to reach a program, under one load: how many packets a second at most, how many without loss, how
// long they take below that, and what each costs in system calls, buffers, copies and CPU. Whoever reads one of these figures
// alone has not read the result.
import {
  chooseCpus,
  countEvents,
  type Events,
  type Path,
  type PathName,
  pathOf,
  type Stage,
  type StageSpec,
  type Touch,
  timedUntil,
} from "../../paths/index.js";
import type { Context, Experiment } from "../experiment.js";
import { choosePaths, noneLeft, type PathMissing } from "../path-choice.js";
import { type BelowLimit, measureBelowLimit } from "../path-latency.js";
import { type PathLoad, stageUnder } from "../path-load.js";
import { playRounds, type RoundTally } from "../path-rounds.js";
import { failureOf, openDelivering, openWhatOpens } from "../path-stages.js";
import { playTurns, type TurnTally } from "../path-turns.js";

/** What to compare, and how thoroughly. */
export interface BakeOffParams extends PathLoad {
  /** Which paths; all that there are where empty. */
  readonly paths: readonly PathName[];
  /** Rounds at the maximum load, 10 or more for a verdict, and the length of one in seconds. */
  readonly rounds: number;
  readonly roundS: number;
  /** Rounds in turns on one CPU, for CPU time; 0 leaves them out. */
  readonly turns: number;
  /** Length of one trial of the search for the rate without loss, in seconds; 0 leaves search and latency out. */
  readonly trialS: number;
  /** How exact the rates without loss shall be, as a share: 0.03 is 3 %. */
  readonly precision: number;
  /** Shares of the rate without loss at which latency is taken, and for how long, in seconds. */
  readonly shares: readonly number[];
  readonly latencyS: number;
  /** Packets whose events are counted, a multiple of 512; 0 leaves the counting out. */
  readonly counted: number;
}

/** What a path says of itself, and what was found. */
export interface PathOutcome
  extends Pick<Path, "name" | "title" | "how" | "load" | "sees" | "copies" | "ends"> {
  readonly max: RoundTally;
  /** Time between two packets at the maximum load; null where none came in half of the rounds or more. */
  readonly nsPerPacket: number | null;
  /** CPU time of a packet on one CPU that does everything; null where somebody else works for the path, too, and where packets were lost. */
  readonly oneCpu: TurnTally | null;
  /** What its latency ends with, which begins when the packet was due: "until" and these words. Null where there is none. */
  readonly timedUntil: string | null;
  /** Null where the search was left out, or where no packet crosses a wire; without latencies where nobody can tell packets apart. */
  readonly below: BelowLimit | null;
  /** Null where the counting was left out, or where no packet crosses a wire. */
  readonly events: Events | null;
}

/** The comparison: fastest path first. A path that cannot be opened here, or failed, is among the missing with the reason. */
export interface BakeOffOutcome {
  readonly paths: readonly PathOutcome[];
  readonly missing: readonly PathMissing[];
  readonly frameBytes: number | "imix";
  readonly batch: number;
  readonly touch: Touch;
  /** The first CPU injected and ran the softirq, the second consumed. */
  readonly cpus: { readonly injector: number; readonly consumer: number };
}

/** The search and the latencies need somebody who tells packets apart by their due time: a stage of its own. */
async function lookBelow(
  path: Path,
  spec: StageSpec,
  aboutPps: number,
  { trialS, precision, shares, latencyS }: BakeOffParams,
  context: Context,
): Promise<BelowLimit> {
  const stage = await openDelivering({ ...spec, touch: "headers", paced: true });
  try {
    const timed = timedUntil(path) === null ? [] : shares;
    const how = { aboutPps, trialS, shares: timed, latencyS, precision, confirmations: 2 };
    const { title } = path;
    return await measureBelowLimit({ title, run: (load, signal) => stage.run(load, signal) }, how, context);
  } finally {
    await stage.close();
  }
}

/** What a packet costs in CPU time, with all of its path on the consumer's CPU. */
async function costOnOneCpu(
  path: Path,
  spec: StageSpec,
  rounds: number,
  context: Context,
): Promise<TurnTally | null> {
  if (rounds === 0 || path.helper !== undefined) return null;
  const cpu = spec.cpus!.consumer;
  const stage = await openDelivering({ ...spec, cpus: { injector: cpu, consumer: cpu } });
  try {
    const tally = (await playTurns(new Map([[path.name, stage]]), rounds, context)).get(path.name)!;
    return tally.lost === 0 ? tally : null;
  } finally {
    await stage.close();
  }
}

/** All about one path but its rate. */
async function lookClosely(
  path: Path,
  { stage, spec, max }: { readonly stage: Stage; readonly spec: StageSpec; readonly max: RoundTally },
  params: BakeOffParams,
  context: Context,
): Promise<PathOutcome> {
  const isCarried = path.load === "frames";
  const events =
    params.counted > 0 && isCarried
      ? await countEvents(stage, params.counted, undefined, context.signal)
      : null;
  const below =
    params.trialS > 0 && isCarried ? await lookBelow(path, spec, max.medianPps, params, context) : null;
  const oneCpu = await costOnOneCpu(path, spec, params.turns, context);
  const { name, title, how, load, sees, copies, ends } = path;
  const nsPerPacket = max.medianPps > 0 ? 1e9 / max.medianPps : null;
  const facts = { name, title, how, load, sees, copies, ends, timedUntil: timedUntil(path) };
  return { ...facts, max, nsPerPacket, oneCpu, below, events };
}

async function run(params: BakeOffParams, context: Context): Promise<BakeOffOutcome> {
  const { found, missing } = await choosePaths(params.paths);
  const { frameBytes, batch, touch, rounds, roundS } = params;
  const cpus = chooseCpus(context.cpus);
  const specs = new Map(found.map(({ name }) => [name, stageUnder(params, name, cpus)]));
  const { stages, failed } = await openWhatOpens(specs, context);
  const tallies = await playRounds(stages, { rounds, seconds: roundS }, context);
  const outcomes: PathOutcome[] = [];
  for (const [index, path] of found.entries()) {
    const stage = stages.get(path.name);
    if (stage === undefined) continue;
    context.progress(index / found.length, `${path.title}: its events and its limit`);
    const parts = { stage, spec: specs.get(path.name)!, max: tallies.get(path.name)! };
    try {
      outcomes.push(await lookClosely(path, parts, params, context));
    } catch (error) {
      failed.set(path.name, failureOf(error, context));
    }
  }
  outcomes.sort((a, b) => b.max.medianPps - a.max.medianPps);
  const without = [
    ...missing,
    ...[...failed].map(([name, { message }]) => ({ name, title: pathOf(name).title, reason: message })),
  ];
  if (outcomes.length === 0) throw noneLeft(without);
  return { paths: outcomes, missing: without, frameBytes, batch, touch, cpus };
}

const experiment: Experiment<BakeOffParams, BakeOffOutcome> = {
  name: "bake-off",
  module: import.meta.url,
  question: "What does a packet cost on each way to a program?",
  needs: ["quiet", "root"],
  unit: "×",
  defaults: {
    paths: [],
    frameBytes: 60,
    batch: 64,
    touch: "headers",
    rounds: 10,
    roundS: 0.1,
    turns: 0,
    trialS: 0.1,
    precision: 0.03,
    shares: [0.2, 0.5, 0.8, 0.95],
    latencyS: 0.3,
    counted: 16_384,
  },
  unseen: [
    "a NIC: on a veth the sender's CPU runs the driver, the ring has 256 slots, and there is no zero-copy",
    "more than one queue and more than one receiving CPU",
    "threads of the JavaScript engine that are not pinned: compiler and garbage collector",
  ],
  /** The fastest path over the slowest of those that received anything, both from the same source. */
  headline: ({ paths }) => {
    const slowest = paths.filter(({ nsPerPacket }) => nsPerPacket !== null).at(-1)!;
    const fastest = paths.find(({ load }) => load === slowest.load)!;
    return fastest.max.medianPps / slowest.max.medianPps;
  },
  run,
};
export default experiment;
