// What each path does at rates that somebody chose: how much of it comes, where the rest is lost, and how long a packet takes. The
// bake-off asks a path for its own limit; here all are asked the same, so that the answers stand side by side.
import {
  chooseCpus,
  type HopCount,
  type Path,
  type PathName,
  type Stage,
  timedUntil,
} from "../../paths/index.js";
import type { Context, Experiment } from "../experiment.js";
import { choosePaths, type PathMissing } from "../path-choice.js";
import { type Latency, latencyOf } from "../path-latency.js";
import { type PathLoad, stageUnder } from "../path-load.js";
import { openDelivering } from "../path-stages.js";

/** Which paths, at which rates. */
export interface FixedRatesParams extends Omit<PathLoad, "touch"> {
  /** All that there are where empty. */
  readonly paths: readonly PathName[];
  /** Packets a second, each from 1. */
  readonly ratesPps: readonly number[];
  /** Length of one run, in seconds; a tenth of it goes before, to warm up. */
  readonly runS: number;
}

/** One path at one rate. */
export interface AtRate {
  /** What was asked for, in packets a second. */
  readonly ratePps: number;
  readonly offered: number;
  /** What the injector could offer of it: less than `ratePps` where the path's softirq takes the time that it needs. */
  readonly offeredPps: number;
  readonly received: number;
  readonly losses: readonly HopCount[];
  /** Packets that no hop accounts for: 0, or the row is void. */
  readonly unaccounted: number;
  /** From the intended send time; null where nobody can tell packets apart. */
  readonly latency: Latency | null;
}

/** One path at all of them. */
export interface PathAtRates extends Pick<Path, "name" | "title" | "ends"> {
  /** What its latency ends with, which begins when the packet was due: "until" and these words. Null where there is none. */
  readonly timedUntil: string | null;
  readonly rates: readonly AtRate[];
}

export interface FixedRatesOutcome {
  readonly paths: readonly PathAtRates[];
  readonly missing: readonly PathMissing[];
  readonly frameBytes: number | "imix";
  readonly batch: number;
  readonly cpus: { readonly injector: number; readonly consumer: number };
}

async function atRate(stage: Stage, ratePps: number, runS: number, context: Context): Promise<AtRate> {
  await stage.run({ seconds: runS / 10, ratePps }, context.signal);
  await context.breathe();
  const run = await stage.run({ seconds: runS, ratePps }, context.signal);
  await context.breathe();
  const { offered, offeredPps, received, losses, unaccounted, latencies } = run;
  const latency = latencies.length === 0 ? null : latencyOf(latencies);
  return { ratePps, offered, offeredPps, received, losses, unaccounted, latency };
}

async function run(params: FixedRatesParams, context: Context): Promise<FixedRatesOutcome> {
  const { found, missing } = await choosePaths(params.paths);
  const cpus = chooseCpus(context.cpus);
  const { ratesPps, runS, frameBytes, batch } = params;
  const outcomes: PathAtRates[] = [];
  for (const [index, path] of found.filter(({ load }) => load === "frames").entries()) {
    const { name, title, ends } = path;
    context.progress(index / found.length, title);
    const spec = stageUnder({ frameBytes, batch, touch: "headers" }, name, cpus);
    const stage = await openDelivering({ ...spec, paced: true });
    try {
      const rates: AtRate[] = [];
      for (const ratePps of ratesPps) rates.push(await atRate(stage, ratePps, runS, context));
      outcomes.push({ name, title, ends, timedUntil: timedUntil(path), rates });
    } finally {
      await stage.close();
    }
  }
  return { paths: outcomes, missing, frameBytes, batch, cpus };
}

const experiment: Experiment<FixedRatesParams, FixedRatesOutcome> = {
  name: "fixed-rates",
  module: import.meta.url,
  question: "How much of a given load comes on each way to a program, and how late?",
  needs: ["quiet", "root"],
  unit: "×",
  defaults: { paths: [], ratesPps: [100_000], runS: 1, frameBytes: 60, batch: 64 },
  unseen: [
    "a NIC: on a veth the sender's CPU runs the driver, the ring has 256 slots, and there is no zero-copy",
    "less than half a microsecond of lateness: the injector looks at the clock between batches of 8 packets and more",
  ],
  /** What came of all that was offered, as a share: of the path that lost most, at the rate where it did. */
  headline: ({ paths }) =>
    Math.min(...paths.flatMap(({ rates }) => rates.map(({ received, offered }) => received / offered))),
  run,
};
export default experiment;
