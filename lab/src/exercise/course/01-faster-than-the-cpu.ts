// Two rates and a word: how fast did a series grow before a turn and after it, and may one say that it stagnated?
import { growthPercent, type YearPoint } from "../../stats/index.js";
import { type Exercise, mismatch, type Outcome, type Scenario, saw, scenario } from "../types.js";
import { describeAnswer, describeValue } from "../values.js";

/** What a learner says of a series: growth in percent a year, and the word for what came after the turn. */
export interface TrendJudgement {
  readonly before: number;
  readonly after: number;
  /** `stagnated` below 1 % a year; `slowed` where it grew less than before; else `went on`. */
  readonly verdict: "stagnated" | "slowed" | "went on";
}

/** Judges a series. @param points in the order of the years @param turn the point at which one time ends and the other begins */
export type TrendJudge = (points: readonly YearPoint[], turn: YearPoint) => TrendJudgement;

interface Case {
  readonly name: string;
  readonly given: string;
  readonly points: readonly YearPoint[];
  readonly turn: number;
}

/** A series that grows by fixed rates on both sides of a year. */
function series(years: readonly number[], turn: number, rates: readonly [number, number]): YearPoint[] {
  const growth = (year: number): number =>
    year <= turn ? (1 + rates[0]) ** (year - turn) : (1 + rates[1]) ** (year - turn);
  return years.map((year) => ({ year, value: 1000 * growth(year) }));
}

const CASES: readonly Case[] = [
  {
    name: "a model that slows down",
    given: "50 % a year until 2000, 10 % a year after it",
    points: series([1990, 1995, 2000, 2004, 2010], 2000, [0.5, 0.1]),
    turn: 2,
  },
  {
    name: "a model that stops",
    given: "30 % a year until 2006, half a percent a year after it",
    points: series([1986, 2006, 2009, 2018], 2006, [0.3, 0.005]),
    turn: 1,
  },
  {
    name: "a model that never noticed",
    given: "20 % a year all the time, unevenly looked at",
    points: series([1980, 1981, 2006, 2020], 2006, [0.2, 0.2]),
    turn: 2,
  },
];

function wordFor(before: number, after: number): TrendJudgement["verdict"] {
  if (after < 1) return "stagnated";
  return after < before - 0.5 ? "slowed" : "went on";
}

type Rate = (from: YearPoint, to: YearPoint) => number;

/** How each mistake comes to its rate. */
const MISTAKES: readonly (readonly [string, Rate])[] = [
  [
    "divides the whole growth by the years",
    (from, to) => (100 * (to.value / from.value - 1)) / (to.year - from.year),
  ],
  ["forgets the hundred", (from, to) => growthPercent(from, to) / 100],
  [
    "takes the logarithm for the rate",
    (from, to) => (100 * Math.log(to.value / from.value)) / (to.year - from.year),
  ],
];

function near(given: unknown, expected: number): boolean {
  return typeof given === "number" && Math.abs(given - expected) <= 0.01 * Math.max(1, Math.abs(expected));
}

function judge(mine: TrendJudge, { points, turn: index }: Case): Outcome {
  const [first, turn, last] = [points[0]!, points[index]!, points.at(-1)!];
  const truth = { before: growthPercent(first, turn), after: growthPercent(turn, last) };
  const answer: unknown = mine(points, turn);
  if (typeof answer !== "object" || answer === null) {
    return mismatch("{ before, after, verdict }", `returned ${describeAnswer(answer)}`);
  }
  const given = answer as Partial<TrendJudgement>;
  const spans = { before: [first, turn], after: [turn, last] } as const;
  for (const span of ["before", "after"] as const) {
    if (near(given[span], truth[span])) continue;
    const [from, to] = spans[span];
    const known = MISTAKES.find(([, rate]) => near(given[span], rate(from, to)))?.[0];
    const whole = near(given[span], growthPercent(first, last)) ? "does not stop at the turn" : undefined;
    return mismatch(
      `${span} ${truth[span].toFixed(1)} % a year`,
      `returned ${span} ${describeValue(given[span])}`,
      known ?? whole,
    );
  }
  const word = wordFor(truth.before, truth.after);
  if (given.verdict === word)
    return saw(`${truth.before.toFixed(1)} and ${truth.after.toFixed(1)} % a year: ${word}`);
  const diagnosis = given.verdict === "stagnated" ? "calls slower growth no growth" : undefined;
  return mismatch(`"${word}"`, `returned "${describeValue(given.verdict)}"`, diagnosis);
}

const scenarios: Scenario<TrendJudge>[] = CASES.map((entry) =>
  scenario<TrendJudge, TrendJudge>({
    name: entry.name,
    given: entry.given,
    start: (mine) => mine,
    steps: [{ action: `judge ${entry.points.length} points`, play: (mine) => judge(mine, entry) }],
  }),
);

/** Notebook 01: `check("01-faster-than-the-cpu/two-rates", judgeTrend)`. */
export const twoRates: Exercise<TrendJudge> = {
  id: "01-faster-than-the-cpu/two-rates",
  title: "Two rates and a word",
  points: 2,
  starterSteps: 0,
  needs: [],
  refuses: (mine) =>
    typeof mine === "function"
      ? null
      : `two-rates: expected a function judgeTrend(points, turn), your code handed in ${describeValue(mine)}`,
  hints: [
    "growth compounds: after n years at r percent a value is (1 + r / 100) ** n times as large. Which r gives the value you see?",
    "the n-th root of a ratio is ratio ** (1 / n); n is a difference of years, and need not be whole.",
    "one rate from the first point to the turn, one from the turn to the last. The word follows from the second, and from comparing them.",
  ],
  wrongAnswers: [
    {
      name: "divides the whole growth by the years",
      hint: "you shared the whole growth out evenly among the years. But each year grows on top of the one before.",
    },
    { name: "forgets the hundred", hint: "the rate is right as a fraction; percent were asked for." },
    {
      name: "takes the logarithm for the rate",
      hint: "the logarithm divided by the years is the rate of continuous growth. A year's growth is its exponential, less 1.",
    },
    {
      name: "does not stop at the turn",
      hint: "that is the growth from the first point to the last. There are two times here, and the turn parts them.",
    },
    {
      name: "calls slower growth no growth",
      hint: "your rates are right. A series that still grows by more than 1 % a year has slowed; it has not stood still.",
    },
  ],
  scenarios,
};
