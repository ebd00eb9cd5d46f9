// Every way for a packet to reach a program, under one load: how many packets a second at most, how many without loss, how
// long they take below that, and what each costs in system calls, buffers, copies and CPU. Whoever reads one of these figures
// alone has not read the result.
import {
  chooseCpus,
  countEvents,
  type Events,
  type Path,
  type PathName,
  Stage,
  type StageSpec,
  type Touch,
  timedUntil,
} from "../../paths/index.js";
import type { Context, Experiment } from "../experiment.js";
import { choosePaths, type PathMissing } from "../path-choice.js";
import { type BelowLimit, measureBelowLimit } from "../path-latency.js";
import { type PathLoad, stageUnder } from "../path-load.js";
import { openStages, playRounds, type RoundTally } from "../path-rounds.js";
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
  /** CPU time of a packet on one CPU that does everything; null where somebody else works for the path, too. */
  readonly oneCpu: TurnTally | null;
  /** What its latency ends with, which begins when the packet was due: "until" and these words. Null where there is none. */
  readonly timedUntil: string | null;
  /** Null where the search was left out, or where no packet crosses a wire; without latencies where nobody can tell packets apart. */
  readonly below: BelowLimit | null;
  /** Null where the counting was left out, or where no packet crosses a wire. */
  readonly events: Events | null;
}

/** The comparison: fastest path first. */
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
  const stage = await Stage.open({ ...spec, touch: "headers", paced: true });
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
  const stage = await Stage.open({ ...spec, cpus: { injector: cpu, consumer: cpu } });
  try {
    return (await playTurns(new Map([[path.name, stage]]), rounds, context)).get(path.name)!;
  } finally {
    await stage.close();
  }
}

async function run(params: BakeOffParams, context: Context): Promise<BakeOffOutcome> {
  const { found, missing } = await choosePaths(params.paths);
  const { frameBytes, batch, touch, rounds, roundS } = params;
  const cpus = chooseCpus(context.cpus);
  const specOf = ({ name }: Path): StageSpec => stageUnder(params, name, cpus);
  const stages = await openStages(new Map(found.map((path) => [path.name, specOf(path)])), context);
  const tallies = await playRounds(stages, { rounds, seconds: roundS }, context);
  const outcomes: PathOutcome[] = [];
  for (const [index, path] of found.entries()) {
    const max = tallies.get(path.name)!;
    context.progress(index / found.length, `${path.title}: its events and its limit`);
    const events =
      params.counted > 0 && path.load === "frames"
        ? await countEvents(stages.get(path.name)!, params.counted, undefined, context.signal)
        : null;
    const below =
      params.trialS > 0 && path.load === "frames"
        ? await lookBelow(path, specOf(path), max.medianPps, params, context)
        : null;
    const oneCpu = await costOnOneCpu(path, specOf(path), params.turns, context);
    const { name, title, how, load, sees, copies, ends } = path;
    const nsPerPacket = max.medianPps > 0 ? 1e9 / max.medianPps : null;
    const facts = { name, title, how, load, sees, copies, ends, timedUntil: timedUntil(path) };
    outcomes.push({ ...facts, max, nsPerPacket, oneCpu, below, events });
  }
  outcomes.sort((a, b) => b.max.medianPps - a.max.medianPps);
  return { paths: outcomes, missing, frameBytes, batch, touch, cpus };
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
