// A figure that nobody expected teaches little. So every measurement of the lab takes a guess, made before it runs,
// and the result says how far off it was. A guess is not marked: being wrong by ten is how one learns the scale.

/** What was expected, made by `predict`. A single number is a range of width 0. */
export interface Guess {
  readonly low: number;
  readonly high: number;
  /** As the learner wrote it: `ns`, `µs`, `kpps`, `skbs`, ... */
  readonly unit: string;
}

/** A guess beside what was measured. */
export interface GuessJudgement {
  readonly verdict: "close" | "too low" | "too high";
  /** How many times too low or too high, 1 or more; 1 when the value lies in the range; null when a zero is involved. */
  readonly factor: number | null;
  /** The guess in the measurement's unit, for the band of a figure. */
  readonly guess: Guess;
  readonly measured: number;
  /** One sentence: `you said 80 ns, measured 256 ns: 3.2× too low`. */
  readonly text: string;
}

// Units that measure the same thing, each in terms of the first; other words are only equal to themselves.
const SCALES: readonly Readonly<Record<string, number>>[] = [
  { ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: 1e9 },
  { pps: 1, kpps: 1e3, Mpps: 1e6 },
  { B: 1, kB: 1e3, MB: 1e6 },
  { "×": 1, x: 1 },
];

/** A guess this near to the measured value counts as close: 10 %. */
const CLOSE = 1.1;

/**
 * Writes down what you expect, before you measure it.
 *
 * @param expected a number, or the range `[low, high]` that you are sure of; 0 or more
 * @param unit `ns`, `µs`, `ms`, `s`, `pps`, `kpps`, `Mpps`, `B`, `kB`, `MB`, `×` (or x, a ratio), or a thing that is counted, e.g. `skbs`
 * @returns A guess for a measurement to take.
 * @throws RangeError where a number is negative or not finite, or the range runs backwards.
 */
export function predict(expected: number | readonly [number, number], unit: string): Guess {
  const [low, high] = typeof expected === "number" ? [expected, expected] : expected;
  if (!(low >= 0 && high >= low && Number.isFinite(high))) {
    throw new RangeError(
      `Cannot predict ${low} to ${high} ${unit}: not a range from 0 upwards -> try predict(80, "ns") or predict([50, 200], "ns")`,
    );
  }
  return { low, high, unit };
}

/**
 * The guess of a run in which nobody predicts, such as a benchmark: from nothing to infinity, which `predict` refuses. It is
 * always close, and it is not kept.
 *
 * @param unit of the experiment
 */
export function noGuess(unit: string): Guess {
  return { low: 0, high: Number.POSITIVE_INFINITY, unit };
}

/**
 * Converts a guess to another unit of the same kind.
 *
 * @throws TypeError where the units measure different things, or where there is no guess.
 */
export function guessIn(guess: Guess, unit: string): Guess {
  if (typeof guess?.low !== "number") {
    throw new TypeError(`Cannot measure without a guess -> write const guess = predict(80, "${unit}") first`);
  }
  if (guess.unit === unit) return guess;
  const scale = SCALES.find((units) => guess.unit in units && unit in units);
  if (scale === undefined) {
    throw new TypeError(
      `Cannot compare a guess in ${guess.unit} with ${unit}: they measure different things -> try predict(${guess.low}, "${unit}")`,
    );
  }
  const factor = scale[guess.unit]! / scale[unit]!;
  return { low: guess.low * factor, high: guess.high * factor, unit };
}

/**
 * Says how far a guess was off.
 *
 * @param guess in any unit that converts to `unit`
 * @param measured the value that was found
 * @param unit of `measured`
 * @throws TypeError where the units measure different things.
 */
export function judgeGuess(guess: Guess, measured: number, unit: string): GuessJudgement {
  const own = guessIn(guess, unit);
  const verdict = verdictOf(own, measured);
  const factor = factorOf(own, measured);
  const said = own.low === own.high ? short(own.low) : `${short(own.low)} to ${short(own.high)}`;
  const off =
    verdict === "close" || factor === null ? verdict : `${short(factor, factor < 10 ? 2 : 3)}× ${verdict}`;
  const text = `you said ${said} ${unit}, measured ${short(measured)} ${unit}: ${off}`;
  return { verdict, factor, guess: own, measured, text };
}

function verdictOf({ low, high }: Guess, measured: number): GuessJudgement["verdict"] {
  if (measured > high * CLOSE) return "too low";
  return measured < low / CLOSE ? "too high" : "close";
}

function factorOf({ low, high }: Guess, measured: number): number | null {
  if (measured >= low && measured <= high) return 1;
  const [larger, smaller] = measured > high ? [measured, high] : [low, measured];
  return smaller === 0 ? null : larger / smaller;
}

/** Three significant digits, but never fewer than the whole part: an exact count stays exact. */
function short(value: number, digits = 3): string {
  return Math.abs(value) >= 10 ** digits
    ? Math.round(value).toString()
    : Number(value.toPrecision(digits)).toString();
}
