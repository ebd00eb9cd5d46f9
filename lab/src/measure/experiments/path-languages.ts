// Is TypeScript fit to be measured with? Each path runs twice, with its loop in TypeScript and with its twin in C over the same
// sockets and rings, in turns at the maximum load, the consumer on a CPU of its own. The ratio of the rates is what a figure of
// this lab would be off by.
import {
  chooseCpus,
  type Language,
  type PathName,
  pathsAvailable,
  type Stage,
  type StageSpec,
} from "../../paths/index.js";
import { noiseFloor, type PairedComparison, pairedComparison } from "../../stats/index.js";
import type { Context, Experiment } from "../experiment.js";
import { openStages, playRounds, type RoundTally } from "../path-rounds.js";

/** Which paths to compare, and how often. */
export interface PathLanguagesParams {
  /** All that have a twin where empty. */
  readonly paths: readonly PathName[];
  readonly rounds: number;
  readonly roundS: number;
}

/** One path in both languages. */
export interface PathPair {
  readonly path: PathName;
  readonly title: string;
  readonly typescript: RoundTally;
  readonly c: RoundTally;
  /** Received packets a second, TypeScript over C: 1 is a tie, below 1 TypeScript is slower. */
  readonly rateRatio: PairedComparison;
}

export interface PathLanguagesOutcome {
  readonly pairs: readonly PathPair[];
}

const TIE = { relation: ">", bound: 0.95 } as const;

type Key = `${PathName}/${Language | "again"}`;

function pairOf(path: PathName, title: string, tallies: ReadonlyMap<Key, RoundTally>): PathPair {
  const [typescript, c, again] = (["typescript", "c", "again"] as const).map(
    (language) => tallies.get(`${path}/${language}`)!,
  );
  const noise = noiseFloor(c.samplesPps, again.samplesPps);
  const rateRatio = pairedComparison(typescript.samplesPps, c.samplesPps, noise, TIE);
  return { path, title, typescript, c, rateRatio };
}

async function run(
  { paths: wanted, rounds, roundS }: PathLanguagesParams,
  context: Context,
): Promise<PathLanguagesOutcome> {
  const chosen = (await pathsAvailable())
    .filter(({ missing }) => missing.length === 0)
    .map(({ path }) => path)
    .filter((path) => path.ends !== "elsewhere" && path.openTwin !== undefined)
    .filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  const cpus = chooseCpus(context.cpus);
  const specs = chosen.flatMap(({ name }) =>
    (["typescript", "c"] as const).map((language): [Key, StageSpec] => [
      `${name}/${language}`,
      { path: name, language, cpus },
    ]),
  );
  const opened = await openStages(new Map(specs), context);
  const again = chosen.map(({ name }): [Key, Stage] => [`${name}/again`, opened.get(`${name}/c`)!]);
  const tallies = await playRounds(new Map([...opened, ...again]), { rounds, seconds: roundS }, context);
  return { pairs: chosen.map(({ name, title }) => pairOf(name, title, tallies)) };
}

const experiment: Experiment<PathLanguagesParams, PathLanguagesOutcome> = {
  name: "path-languages",
  module: import.meta.url,
  question: "How much slower is a path in TypeScript than in C?",
  needs: ["quiet", "root"],
  unit: "×",
  defaults: { paths: [], rounds: 12, roundS: 0.1 },
  unseen: ["what the loop would cost if the softirq's CPU were not the one that limits the rate"],
  headline: ({ pairs }) => Math.min(...pairs.map(({ rateRatio }) => rateRatio.medianRatio)),
  run,
};
export default experiment;
