import { convergence, firstGuesses, guessesSoFar, type KeptGuess } from "ringside/progress";
import { expect, test } from "vitest";

/** A guess of `times` what was measured. */
const guess = (experiment: string, times: number, measured = 100): KeptGuess => ({
  kind: "guess",
  at: "2026-11-24T06:00:00.000Z",
  experiment,
  question: "How much?",
  params: { program: "pass", frames: 65536 },
  unit: "ns",
  low: times * measured,
  high: times * measured,
  measured,
  verdict: "too high",
  result: "r-1",
  machine: "AMD EPYC, 2 CPUs",
  kernel: "6.18.44",
});

test("of each question the first guess counts, since who measures again knows the answer", () => {
  const other = { ...guess("a", 2), params: { program: "drop" } };
  const kept = firstGuesses([guess("a", 10), guess("a", 1), other, guess("b", 3)]);
  expect(kept.map(({ experiment, low }) => [experiment, low])).toEqual([
    ["a", 1000],
    ["a", 200],
    ["b", 300],
  ]);
});

test("the two halves say whether guesses came nearer", () => {
  const far = [10, 0.125, 9].map((times, i) => guess(`far-${i}`, times));
  const near = [2, 1, 0.8].map((times, i) => guess(`near-${i}`, times));
  expect(convergence([...far, ...near])).toBe(
    "Your guesses came nearer: from 9× off (median of the first 3) to 1.3× (of the last 3)",
  );
  expect(convergence([...near, ...far])).toMatch(/^Your guesses did not come nearer yet/);
});

test("few guesses, and guesses at or of a zero, claim nothing", () => {
  expect(convergence([guess("a", 10)])).toBe("1 guess so far: too few to see whether they come nearer");
  const zeros = Array.from({ length: 8 }, (_, i) => guess(`zero-${i}`, 0));
  expect(convergence(zeros)).toBe("8 guesses so far: too few to see whether they come nearer");
});

test("the figure has a row for each guess, and none at all is said in words", () => {
  const rows = [10, 0.1, 4, 2, 1.05, 1].map((times, i) => guess(`question-${i}`, times));
  const { text } = guessesSoFar([...rows, guess("none", 0)]);
  expect(text).toContain("1. question-0, pass");
  expect(text).toContain("question-1, pass: you guessed 10 ns, measured 100 ns: 10× too low");
  expect(text).toContain("none, pass: you guessed 0 ns, measured 100 ns: too low");
  expect(guessesSoFar([]).text).toMatch(/^No guess is kept yet/);
});
