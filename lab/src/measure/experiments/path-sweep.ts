// What makes a packet dear: its size, its company, or what the program does with it? One of three is varied at a time, for a few
// paths, at the maximum load and in turns. A path that costs by the packet shows a flat line over the size; one that copies
// shows the copy; a batch helps where something is paid once a batch.
import {
  chooseCpus,
  DEFAULT_OPTIONS,
  LONGEST_FRAME_BYTES,
  type PathName,
  SHORTEST_FRAME_BYTES,
  type StageSpec,
  type Touch,
} from "../../paths/index.js";
import type { Context, Experiment } from "../experiment.js";
import { playRounds, type RoundTally } from "../path-rounds.js";
import { openStages } from "../path-stages.js";

/** What is varied. */
export type SweepAxis = "frameBytes" | "batch" | "touch";

export interface PathSweepParams {
  readonly paths: readonly PathName[];
  readonly axis: SweepAxis;
  readonly rounds: number;
  readonly roundS: number;
}

/** One path at one setting. */
export interface SweepPoint {
  readonly path: PathName;
  /** Frame bytes, packets a batch, or what is touched. */
  readonly at: number | Touch;
  readonly max: RoundTally;
  readonly nsPerPacket: number;
  /** Whole frames, check sequence not counted. */
  readonly gigabitsPerSecond: number;
}

export interface PathSweepOutcome {
  readonly axis: SweepAxis;
  readonly points: readonly SweepPoint[];
}

const POINTS: Readonly<Record<SweepAxis, readonly (number | Touch)[]>> = {
  frameBytes: [SHORTEST_FRAME_BYTES, 124, 252, 508, 1020, LONGEST_FRAME_BYTES], // 64 to 1518 on the wire
  batch: [1, 4, 16, 64, 256],
  touch: ["nothing", "headers", "bytes"],
};
/** Bytes are only worth reading where there are some. */
const TOUCHED_FRAME_BYTES = 1020;

function specOf(path: PathName, axis: SweepAxis, at: number | Touch): StageSpec {
  if (axis === "touch") return { path, touch: at as Touch, options: { frameBytes: TOUCHED_FRAME_BYTES } };
  return { path, options: { [axis]: at as number } };
}

async function run(
  { paths, axis, rounds, roundS }: PathSweepParams,
  context: Context,
): Promise<PathSweepOutcome> {
  const settings = paths.flatMap((path) => POINTS[axis].map((at) => ({ path, at, key: `${path} ${at}` })));
  const cpus = chooseCpus(context.cpus);
  const specs = new Map(settings.map(({ path, at, key }) => [key, { ...specOf(path, axis, at), cpus }]));
  const stages = await openStages(specs, context);
  const tallies = await playRounds(stages, { rounds, seconds: roundS }, context);
  const points = settings.map(({ path, at, key }): SweepPoint => {
    const max = tallies.get(key)!;
    const { frameBytes = DEFAULT_OPTIONS.frameBytes } = specs.get(key)!.options!;
    const gigabitsPerSecond = (max.medianPps * frameBytes * 8) / 1e9;
    return { path, at, max, nsPerPacket: 1e9 / max.medianPps, gigabitsPerSecond };
  });
  return { axis, points };
}

const experiment: Experiment<PathSweepParams, PathSweepOutcome> = {
  name: "path-sweep",
  module: import.meta.url,
  question: "What makes a packet dear: its size, its company, or what is done with it?",
  needs: ["quiet", "root"],
  unit: "×",
  defaults: { paths: ["xdp-need-wakeup", "udp-recvmmsg"], axis: "frameBytes", rounds: 10, roundS: 0.1 },
  unseen: ["mixes of sizes: all frames of a run have one length"],
  /** The dearest packet over the cheapest one of the first path. */
  headline: ({ points }) => {
    const first = points.filter(({ path }) => path === points[0].path).map(({ nsPerPacket }) => nsPerPacket);
    return Math.max(...first) / Math.min(...first);
  },
  run,
};
export default experiment;
