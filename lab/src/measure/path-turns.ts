// What a packet costs one CPU that does everything, path against path: injection, softirq and program take turns on it, and their CPU
// time is summed up. That time stands still while others run, so these figures are far steadier than rates, and they charge
// a path for both CPUs that it would keep busy.
import type { Run, Stage } from "../paths/index.js";
import { type Interval, median, medianInterval, shuffle } from "../stats/index.js";
import type { Context } from "./experiment.js";

/** What one stage cost in all rounds. */
export interface TurnTally extends Interval {
  /** CPU time of both threads, in ns a packet that came: the median over the rounds, with its 95 % interval. */
  readonly medianNs: number;
  /** One figure a round; sample i of every stage is of the same round. */
  readonly samplesNs: readonly number[];
  /** The consuming thread's part; null where none of ours consumes. */
  readonly consumerNs: number | null;
}

/** Packets of one round: some 10 ms for the cheapest path, 130 for the dearest. */
const PACKETS = 32_768;

/**
 * Plays rounds in turns over open stages, each of which has one CPU for injector and consumer.
 *
 * @param rounds 10 or more for a verdict; one more is thrown away first
 */
export async function playTurns<Key extends string>(
  stages: ReadonlyMap<Key, Stage>,
  rounds: number,
  context: Context,
): Promise<Map<Key, TurnTally>> {
  const runs = new Map<Key, Run[]>([...stages.keys()].map((key) => [key, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const [key, stage] of shuffle([...stages], context.random)) {
      const load = { frames: PACKETS, ratePps: Number.POSITIVE_INFINITY, inTurns: true };
      const run = await stage.run(load, context.signal);
      if (round > 0) runs.get(key)!.push(run);
      await context.breathe();
    }
    context.progress(round / rounds, `CPU time of a packet, round ${round} of ${rounds}`);
  }
  return new Map([...runs].map(([key, all]) => [key, tallyOf(all)]));
}

function tallyOf(runs: readonly Run[]): TurnTally {
  const samplesNs = runs.map(({ cpuNs, received }) => (cpuNs.injector + (cpuNs.consumer ?? 0)) / received);
  const consumer = runs.flatMap(({ cpuNs, received }) =>
    cpuNs.consumer === null ? [] : [cpuNs.consumer / received],
  );
  return {
    medianNs: median(samplesNs),
    ...medianInterval(samplesNs),
    samplesNs,
    consumerNs: consumer.length === 0 ? null : median(consumer),
  };
}
