// Is TypeScript fit to be measured with? Each path runs twice, with its loop in TypeScript and with its twin in C over the same
// sockets and rings, on one CPU that also injects and runs the softirq. What that CPU spends on a packet in C, over what it spends in
// TypeScript, is the ratio of the rates that it would reach: what a figure of this lab is off by.
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
import { openStages } from "../path-stages.js";
import { playTurns, type TurnTally } from "../path-turns.js";

/** Which paths to compare, and how often. */
export interface PathLanguagesParams {
  /** All that have a twin where empty. */
  readonly paths: readonly PathName[];
  readonly rounds: number;
}

/** One path in both languages. */
export interface PathPair {
  readonly path: PathName;
  readonly title: string;
  readonly typescript: TurnTally;
  readonly c: TurnTally;
  /** Packets that one CPU gets through, TypeScript over C: 1 is a tie, below 1 TypeScript is slower. */
  readonly rateRatio: PairedComparison;
}

export interface PathLanguagesOutcome {
  readonly pairs: readonly PathPair[];
}

const TIE = { relation: ">", bound: 0.95 } as const;

type Key = `${PathName}/${Language | "again"}`;

function pairOf(path: PathName, title: string, tallies: ReadonlyMap<Key, TurnTally>): PathPair {
  const [typescript, c, again] = (["typescript", "c", "again"] as const).map(
    (language) => tallies.get(`${path}/${language}`)!,
  );
  const noise = noiseFloor(c.samplesNs, again.samplesNs);
  const rateRatio = pairedComparison(c.samplesNs, typescript.samplesNs, noise, TIE);
  return { path, title, typescript, c, rateRatio };
}

async function run(
  { paths: wanted, rounds }: PathLanguagesParams,
  context: Context,
): Promise<PathLanguagesOutcome> {
  const chosen = (await pathsAvailable())
    .filter(({ missing }) => missing.length === 0)
    .map(({ path }) => path)
    .filter((path) => path.ends !== "elsewhere" && path.openTwin !== undefined)
    .filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  const { consumer: cpu } = chooseCpus(context.cpus);
  const cpus = { injector: cpu, consumer: cpu };
  const specs = chosen.flatMap(({ name }) =>
    (["typescript", "c"] as const).map((language): [Key, StageSpec] => [
      `${name}/${language}`,
      { path: name, language, cpus },
    ]),
  );
  const opened = await openStages(new Map(specs), context);
  const again = chosen.map(({ name }): [Key, Stage] => [`${name}/again`, opened.get(`${name}/c`)!]);
  const tallies = await playTurns(new Map([...opened, ...again]), rounds, context);
  return { pairs: chosen.map(({ name, title }) => pairOf(name, title, tallies)) };
}

const experiment: Experiment<PathLanguagesParams, PathLanguagesOutcome> = {
  name: "path-languages",
  module: import.meta.url,
  question: "How much slower is a path in TypeScript than in C?",
  needs: ["quiet", "root"],
  unit: "×",
  defaults: { paths: [], rounds: 12 },
  unseen: ["what the loop alone would cost: softirq and injection are on both sides of the ratio"],
  headline: ({ pairs }) => Math.min(...pairs.map(({ rateRatio }) => rateRatio.medianRatio)),
  run,
};
export default experiment;
