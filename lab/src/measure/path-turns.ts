// What a packet costs one CPU that does everything, path against path: injection, softirq and program take turns on it, and their CPU
// time is summed up. That time stands still while others run, so these figures are far steadier than rates, and they charge
// a path for both CPUs that it would keep busy. A thread of the kernel's that receives for the program (SQPOLL) is not in them: it has
// a CPU of its own choosing, and spins between packets, so its time is no packet's. `RoundTally` has it.
import type { Run, Stage } from "../paths/index.js";
import { type Interval, median, medianInterval, shuffle } from "../stats/index.js";
import type { Context } from "./experiment.js";

/** What one stage cost in all rounds. */
export interface TurnTally extends Interval {
  /** CPU time of injector and consumer, without a kernel's helper (SQPOLL), in ns a packet that came: the median over the rounds, with its 95 % interval. */
  readonly medianNs: number;
  /** One figure a round; sample i of every stage is of the same round. */
  readonly samplesNs: readonly number[];
  /** The consuming thread's part; null where none of ours consumes. */
  readonly consumerNs: number | null;
  /** Packets that were lost in all rounds, each at a named hop: 0, or what they cost is laid upon those that came. */
  readonly lost: number;
}

/** Packets of one round: some 10 ms for the cheapest path, 130 for the dearest. */
const PACKETS = 32_768;

/**
 * Plays rounds in turns over open stages, each of which has one CPU for injector and consumer.
 *
 * @param rounds 10 or more for a verdict; one more is thrown away first
 * @throws Error for a path that cannot account for each packet
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
      checkAccounts(stage.path.title, run);
      if (round > 0) runs.get(key)!.push(run);
      await context.breathe();
    }
    context.progress(round / rounds, `CPU time of a packet, round ${round} of ${rounds}`);
  }
  return new Map([...runs].map(([key, all]) => [key, tallyOf(all)]));
}

/** @throws Error where packets are unaccounted for: what the others cost is no figure then. */
function checkAccounts(title: string, { unaccounted, offered }: Run): void {
  if (unaccounted === 0) return;
  throw new Error(
    `Cannot tell what a packet costs by ${title}: ${unaccounted} of ${offered} are unaccounted for -> run it again; if it stays, a hop's counter is missing or wrong`,
  );
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
    lost: runs.reduce((sum, { offered, received }) => sum + offered - received, 0),
  };
}
