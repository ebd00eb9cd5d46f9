// What "bench paths" measures: everything about some paths under one load, or a few paths with one thing of the load varied.
import type {
  BakeOffOutcome,
  benchmarks,
  PathSweepOutcome,
  Result,
  RunOptions,
  SweepAxis,
} from "../measure/index.js";
import type { PathName } from "../paths/index.js";
import type { PathsRequest } from "./bench-paths-request.js";

/** Everything about some paths. */
export interface Comparison {
  readonly bakeOff: Result<BakeOffOutcome>;
  /** Left out where paths were named. */
  readonly sending?: Result<benchmarks.SendPathsOutcome>;
  /** Left out where `sending` is. */
  readonly sendLanguages?: Result<benchmarks.SendLanguagesOutcome>;
  readonly languages: Result<benchmarks.PathLanguagesOutcome>;
  readonly injector: Result<benchmarks.InjectorAgainstCOutcome>;
  readonly pollGaps: Result<benchmarks.PollGapsOutcome>;
}

/** One thing varied. */
export interface Sweep {
  readonly sweep: Result<PathSweepOutcome>;
}

/** Rates that were set. */
export interface Fixed {
  readonly rates: Result<benchmarks.FixedRatesOutcome>;
}

/** Everything about some paths under one load. */
export async function compare(
  { paths, frameBytes, batch, touch }: PathsRequest,
  options: RunOptions,
): Promise<Comparison> {
  const { benchmarks, measure, runExperiment } = await import("../measure/index.js");
  const all = paths.length === 0;
  return {
    bakeOff: await measure.bakeOff({ ...options, paths, frameBytes, batch, touch, turns: 10 }),
    ...(all && { sending: await runExperiment(benchmarks.sendPaths, { ...options, frameBytes, batch }) }),
    languages: await runExperiment(benchmarks.pathLanguages, { ...options, paths }),
    ...(all && { sendLanguages: await runExperiment(benchmarks.sendLanguages, options) }),
    injector: await runExperiment(benchmarks.injectorAgainstC, options),
    pollGaps: await runExperiment(benchmarks.pollGaps, options),
  };
}

/** One thing varied for a few paths; those that this machine cannot open are left out. */
export async function sweep(
  axis: SweepAxis,
  paths: readonly PathName[],
  options: RunOptions,
): Promise<Sweep> {
  const { measure } = await import("../measure/index.js");
  const { describeMissing, pathsAvailable } = await import("../paths/index.js");
  const wanted = (await pathsAvailable()).filter(({ path }) => paths.includes(path.name));
  const here = wanted.filter(({ missing }) => missing.length === 0).map(({ path }) => path.name);
  for (const { path, missing } of wanted)
    if (missing.length > 0) console.error(`${path.title}: not here: ${describeMissing(missing)}`);
  if (here.length === 0)
    throw new Error("Cannot sweep: this machine can open none of the paths -> npx ringside doctor");
  return { sweep: await measure.pathSweep({ ...options, paths: here, axis }) };
}

/** Some paths at rates that were set. */
export async function atRates(
  { paths, frameBytes, batch }: PathsRequest,
  ratesPps: readonly number[],
  options: RunOptions,
): Promise<Fixed> {
  const { benchmarks, runExperiment } = await import("../measure/index.js");
  return {
    rates: await runExperiment(benchmarks.fixedRates, { ...options, paths, ratesPps, frameBytes, batch }),
  };
}
