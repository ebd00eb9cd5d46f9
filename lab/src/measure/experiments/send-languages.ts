// The other direction of path-languages: each sender runs with its loop in TypeScript and with its twin in C over the same sockets and
// rings. What a CPU spends on a packet in C, over what it spends in TypeScript, is the ratio of the rates that it would reach.
import {
  chooseCpus,
  type Language,
  type SendPathName,
  SendStage,
  sendPathsAvailable,
} from "../../paths/index.js";
import {
  type Interval,
  median,
  medianInterval,
  noiseFloor,
  type PairedComparison,
  pairedComparison,
  shuffle,
} from "../../stats/index.js";
import type { Context, Experiment } from "../experiment.js";

/** Which senders to compare, and how often. */
export interface SendLanguagesParams {
  /** All that have a twin where empty. */
  readonly paths: readonly SendPathName[];
  readonly rounds: number;
}

/** CPU time of the sending thread, the far end's softirq in it, in ns a packet: the median over the rounds with its 95 % interval. */
export interface SendCost extends Interval {
  readonly medianNs: number;
  readonly samplesNs: readonly number[];
}

/** One sender in both languages. */
export interface SendPair {
  readonly path: SendPathName;
  readonly title: string;
  readonly typescript: SendCost;
  readonly c: SendCost;
  /** Packets that one CPU sends, TypeScript over C: 1 is a tie, below 1 TypeScript is slower. */
  readonly rateRatio: PairedComparison;
}

export interface SendLanguagesOutcome {
  readonly pairs: readonly SendPair[];
}

/** Packets of one round: some 10 to 40 ms. */
const PACKETS = 32_768;
const TIE = { relation: ">", bound: 0.95 } as const;

type Key = `${SendPathName}/${Language | "again"}`;

async function openAll(paths: readonly SendPathName[], context: Context): Promise<Map<Key, SendStage>> {
  const stages = new Map<Key, SendStage>();
  context.onClose(async () => {
    for (const stage of new Set([...stages.values()].reverse())) await stage.close();
  });
  const cpus = chooseCpus(context.cpus);
  for (const path of paths) {
    for (const language of ["typescript", "c"] as const) {
      const stage = await SendStage.open({ path, language, cpus });
      stages.set(`${path}/${language}`, stage);
      await stage.assertDelivery();
      await context.breathe();
    }
    stages.set(`${path}/again`, stages.get(`${path}/c`)!); // C against itself: the noise
  }
  return stages;
}

async function playRounds(
  stages: ReadonlyMap<Key, SendStage>,
  rounds: number,
  context: Context,
): Promise<Map<Key, number[]>> {
  const samples = new Map([...stages.keys()].map((key): [Key, number[]] => [key, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const [key, stage] of shuffle([...stages], context.random)) {
      const { cpuNsPerPacket, unaccounted } = await stage.run({ packets: PACKETS }, context.signal);
      if (unaccounted !== 0)
        throw new Error(
          `Cannot compare ${stage.path.title}: ${unaccounted} packets unaccounted for -> run it again`,
        );
      if (round > 0) samples.get(key)!.push(cpuNsPerPacket);
      await context.breathe();
    }
    context.progress(round / rounds, `CPU time of a packet, round ${round} of ${rounds}`);
  }
  return samples;
}

const costOf = (samplesNs: readonly number[]): SendCost => ({
  medianNs: median(samplesNs),
  ...medianInterval(samplesNs),
  samplesNs,
});

async function run({ paths, rounds }: SendLanguagesParams, context: Context): Promise<SendLanguagesOutcome> {
  const chosen = (await sendPathsAvailable())
    .filter(({ path, missing }) => path.openTwin !== undefined && missing.length === 0)
    .map(({ path }) => path)
    .filter(({ name }) => paths.length === 0 || paths.includes(name));
  const stages = await openAll(
    chosen.map(({ name }) => name),
    context,
  );
  const samples = await playRounds(stages, rounds, context);
  const pairs = chosen.map(({ name, title }): SendPair => {
    const [typescript, c, again] = (["typescript", "c", "again"] as const).map(
      (language) => samples.get(`${name}/${language}`)!,
    );
    const rateRatio = pairedComparison(c, typescript, noiseFloor(c, again), TIE);
    return { path: name, title, typescript: costOf(typescript), c: costOf(c), rateRatio };
  });
  return { pairs };
}

const experiment: Experiment<SendLanguagesParams, SendLanguagesOutcome> = {
  name: "send-languages",
  module: import.meta.url,
  question: "How much slower does TypeScript send than C?",
  needs: ["quiet", "root"],
  unit: "×",
  defaults: { paths: [], rounds: 12 },
  unseen: [
    "what the loop alone would cost: the kernel's part and the far end's softirq are on both sides of the ratio",
    "the harness: it asks for each batch of 64 from TypeScript in both",
  ],
  headline: ({ pairs }) => Math.min(...pairs.map(({ rateRatio }) => rateRatio.medianRatio)),
  run,
};
export default experiment;
