// Run A for a while and then B, and a machine that was slower in the second half makes B look slow: up to 21 % between
// identical programs on the machine this was tried on. So variants take turns: in every round each runs once, in an
// order drawn anew, and what is compared are runs of the same round.
import { type Interval, median, medianInterval, shuffle } from "../stats/index.js";
import type { Context } from "./experiment.js";

/** One way of doing something, in batches. */
export interface Variant {
  /** What a reader sees in a figure. */
  readonly name: string;
  /** Does it `iterations` times. @returns nanoseconds for all of them */
  batch(iterations: number): number;
  /** Operations in one iteration, when not 1: a round trip between two threads is 2 context switches. */
  readonly operations?: number;
}

/** What one operation of a variant cost, as measured in every round. */
export interface Cost extends Interval {
  readonly name: string;
  /** Median over the rounds, in nanoseconds for one operation; `low` and `high` are its 95 % bootstrap interval. */
  readonly ns: number;
  /** One figure a round, in the order they were taken: sample i of every variant is of the same round. */
  readonly samplesNs: readonly number[];
}

/** Rounds that are run and thrown away: caches, branch predictors and clock frequencies settle. */
const WARM_UP_ROUNDS = 2;
/** Long enough to drown the call of a batch, short enough for the stop button. */
const BATCH_NS = 2e6;
const MOST_ITERATIONS = 1e7;

/**
 * Measures variants in turns.
 *
 * @param variants what to measure, by key
 * @param rounds how many figures of each, 10 or more for a verdict
 * @param context of the running experiment: random order, progress, the stop button
 * @param warmUpRounds rounds before them that are thrown away: more where a loop of JavaScript is compiled to the end only after many
 * @returns One cost for each variant, under the same key.
 */
export async function interleave<Key extends string>(
  variants: Readonly<Record<Key, Variant>>,
  rounds: number,
  context: Context,
  warmUpRounds: number = WARM_UP_ROUNDS,
): Promise<Record<Key, Cost>> {
  checkRounds(rounds);
  const runs: Run[] = [];
  for (const variant of Object.values<Variant>(variants)) {
    context.progress(0, `finding the batch size of ${variant.name}`);
    runs.push({ variant, iterations: calibrate(variant), samplesNs: [] });
    await context.breathe();
  }
  for (let round = 0; round < warmUpRounds + rounds; round++) {
    for (const { variant, iterations, samplesNs } of shuffle(runs, context.random)) {
      const ns = variant.batch(iterations) / iterations / (variant.operations ?? 1);
      if (round >= warmUpRounds) samplesNs.push(ns);
      await context.breathe();
    }
    context.progress((round + 1) / (warmUpRounds + rounds), roundText(round - warmUpRounds, rounds));
  }
  const keys = Object.keys(variants) as Key[];
  return Object.fromEntries(keys.map((key, i) => [key, costOf(runs[i]!)])) as Record<Key, Cost>;
}

interface Run {
  readonly variant: Variant;
  readonly iterations: number;
  readonly samplesNs: number[];
}

function checkRounds(rounds: number): void {
  if (Number.isInteger(rounds) && rounds >= 1) return;
  throw new RangeError(`Cannot measure ${rounds} rounds: not a whole number above 0 -> try 30`);
}

/** @param round from 0; below it while warming up */
function roundText(round: number, rounds: number): string {
  if (round < 0) return "warming up";
  return `round ${round + 1} of ${rounds}`;
}

/**
 * How many iterations take about two milliseconds; 1 where a single one takes longer. The shorter of two runs counts: the
 * first compiles code and faults memory in, and a batch made small for that reason would bear the cost of each batch, the
 * reading of clocks above all, a hundred times over.
 */
function calibrate(variant: Variant): number {
  let iterations = 1;
  for (;;) {
    const elapsedNs = Math.min(variant.batch(iterations), variant.batch(iterations));
    if (elapsedNs >= BATCH_NS / 8 || iterations >= MOST_ITERATIONS) {
      return Math.min(MOST_ITERATIONS, Math.max(1, Math.round((iterations * BATCH_NS) / elapsedNs)));
    }
    iterations *= 4;
  }
}

function costOf({ variant, samplesNs }: Run): Cost {
  return { name: variant.name, ns: median(samplesNs), ...medianInterval(samplesNs), samplesNs };
}
