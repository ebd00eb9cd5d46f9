// One loop at many sizes of its batch, in turns and in random order: what the burst and batch sweeps have in common.
import {
  type Interval,
  median,
  medianInterval,
  noiseFloor,
  type PairedComparison,
  pairedComparison,
  shuffle,
} from "../stats/index.js";
import type { Context } from "./experiment.js";

/** No batch at all. */
const ONE = 1;
/** The batch that most programs use, compared with none at all. */
export const USUAL = 32;

/** One size. */
export interface SizeRate extends Interval {
  readonly size: number;
  /** Packets a second: the median over the rounds, with its 95 % interval. */
  readonly medianPps: number;
  readonly samplesPps: readonly number[];
}

/** @throws RangeError where a size that is compared is missing. @param what the sizes in words, e.g. `bursts` */
export function checkSizes(what: string, sizes: readonly number[]): void {
  if (sizes.includes(ONE) && sizes.includes(USUAL)) return;
  throw new RangeError(
    `Cannot sweep ${what} ${sizes.join(", ")}: ${ONE} and ${USUAL} are compared -> add them`,
  );
}

/**
 * Sweeps over sizes.
 *
 * @param turn runs one turn and gives packets a second
 * @returns a rate for each size, and 32 against 1
 */
export async function sweepSizes(
  what: string,
  { sizes, rounds }: { readonly sizes: readonly number[]; readonly rounds: number },
  turn: (size: number) => number | Promise<number>,
  context: Context,
): Promise<{ rates: SizeRate[]; comparison: PairedComparison }> {
  // The size of 1 runs twice a round: what differs between the two is noise.
  const runs = [...sizes, ONE].map((size) => ({ size, samplesPps: [] as number[] }));
  for (let round = 0; round <= rounds; round++) {
    for (const { size, samplesPps } of shuffle(runs, context.random)) {
      const pps = await turn(size);
      if (round > 0) samplesPps.push(pps); // the first round warms up
      await context.breathe();
    }
    context.progress(round / rounds, `${what}: round ${round} of ${rounds}`);
  }
  const again = runs.pop()!;
  const samplesOf = (wanted: number): number[] => runs.find(({ size }) => size === wanted)!.samplesPps;
  const noise = noiseFloor(samplesOf(ONE), again.samplesPps);
  const rates = runs.map(({ size, samplesPps }) => {
    return { size, medianPps: median(samplesPps), ...medianInterval(samplesPps), samplesPps };
  });
  return { rates, comparison: pairedComparison(samplesOf(USUAL), samplesOf(ONE), noise) };
}
