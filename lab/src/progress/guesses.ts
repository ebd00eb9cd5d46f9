// How the guesses converged. Of each question only the first guess counts: who measures again knows the answer. Whether they
// came nearer is said by the medians of the first and the last half, and only where each half has some guesses.
import { type Figure, guessesFigure, JUPYTER_DISPLAY } from "../plot/index.js";
import { median } from "../stats/index.js";
import type { KeptGuess, ProgressEntry } from "./entry.js";
import { readProgress } from "./store.js";

/** The latest that one figure has room for. */
const ROWS = 30;
/** Fewer than this many in each half say nothing. */
const LEAST_HALF = 3;

/** A figure, or one line that says why there is none. */
export interface GuessesShown {
  readonly text: string;
  [JUPYTER_DISPLAY](): Record<string, string>;
}

/**
 * Shows every guess of the course beside what was measured: `display(guessesSoFar())`.
 *
 * @returns A figure with one row a question, or a line of text where nothing was guessed yet.
 * @throws Error where the store cannot be read
 */
export function guessesSoFar(entries: readonly ProgressEntry[] = readProgress().entries): GuessesShown {
  const guesses = firstGuesses(entries);
  return guesses.length === 0 ? nothingYet() : draw(guesses);
}

/** The first guess of each question, in the order in which they were made. */
export function firstGuesses(entries: readonly ProgressEntry[]): KeptGuess[] {
  const first = new Map<string, KeptGuess>();
  for (const entry of entries) {
    if (entry.kind !== "guess") continue;
    const asked = `${entry.experiment} ${JSON.stringify(entry.params)}`;
    if (!first.has(asked)) first.set(asked, entry);
  }
  return [...first.values()];
}

/**
 * Says whether guesses came nearer, in one sentence.
 *
 * @param guesses in the order in which they were made
 */
export function convergence(guesses: readonly KeptGuess[]): string {
  const factors = guesses.map(factorOff).filter((factor) => factor !== null);
  const half = Math.floor(factors.length / 2);
  const count = `${guesses.length} ${guesses.length === 1 ? "guess" : "guesses"} so far`;
  if (half < LEAST_HALF) return `${count}: too few to see whether they come nearer`;
  const [early, late] = [median(factors.slice(0, half)), median(factors.slice(-half))];
  const medians = `from ${times(early)} off (median of the first ${half}) to ${times(late)} (of the last ${half})`;
  if (late < early) return `Your guesses came nearer: ${medians}`;
  return `Your guesses did not come nearer yet: ${medians}`;
}

/** How many times too high or too low, 1 or more; null where a zero is involved. */
function factorOff({ low, high, measured }: KeptGuess): number | null {
  const nearest = Math.max(low, Math.min(high, measured));
  if (nearest === measured) return 1;
  if (nearest === 0 || measured === 0) return null;
  return nearest > measured ? nearest / measured : measured / nearest;
}

function times(factor: number): string {
  return `${Number(factor.toPrecision(factor < 10 ? 2 : 3))}×`;
}

function draw(guesses: readonly KeptGuess[]): Figure {
  const latest = guesses.at(-1)!;
  const shown = guesses.slice(-ROWS);
  const left = guesses.length > shown.length ? ` Shown are the last ${shown.length}.` : "";
  return guessesFigure({
    title: convergence(guesses),
    note: `Of each question the first guess, in the order you made them. Questions differ in how hard they are.${left}`,
    rows: shown.map((kept) => ({
      name: guessName(kept),
      guess: kept.low === kept.high ? kept.low : { low: kept.low, high: kept.high },
      measured: kept.measured,
      unit: kept.unit,
    })),
    provenance: {
      machine: latest.machine,
      kernel: latest.kernel,
      mode: "recorded",
      date: latest.at.slice(0, 10),
    },
  });
}

/** `skb-count, pass`: the experiment, and those of its parameters that are words. */
export function guessName({ experiment, params }: KeptGuess): string {
  const words = Object.values(params).filter(
    (value) => typeof value === "string" && /^\w{1,20}$/.test(value),
  );
  return [experiment, ...words].join(", ");
}

function nothingYet(): GuessesShown {
  const text = "No guess is kept yet: predict something, then measure it, for example in notebook 11.";
  return { text, [JUPYTER_DISPLAY]: () => ({ "text/plain": text }) };
}
