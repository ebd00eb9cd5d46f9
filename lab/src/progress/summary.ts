// From attempts to how far an exercise has come.
import type { Attempt, ProgressEntry } from "./entry.js";

/** How far one exercise has come. */
export interface ExerciseProgress {
  readonly exercise: string;
  readonly attempts: number;
  /** Once passed is passed: trying something else afterwards takes nothing away. */
  readonly passed: boolean;
  /** When it first passed, ISO 8601, or null. */
  readonly passedAt: string | null;
  /** The attempt that came furthest, by its share of steps. */
  readonly best: Attempt;
  readonly latest: Attempt;
}

/** Sums the attempts up, one row an exercise, in the order of their first attempts. */
export function summarizeAttempts(entries: readonly ProgressEntry[]): ExerciseProgress[] {
  const byExercise = new Map<string, Attempt[]>();
  for (const entry of entries) {
    if (entry.kind !== "attempt") continue;
    const attempts = byExercise.get(entry.exercise) ?? [];
    attempts.push(entry);
    byExercise.set(entry.exercise, attempts);
  }
  return [...byExercise].map(([exercise, attempts]) => summarize(exercise, attempts));
}

function summarize(exercise: string, attempts: readonly Attempt[]): ExerciseProgress {
  const first = attempts.find(({ passed }) => passed);
  const best = attempts.reduce((one, other) => (share(other) > share(one) ? other : one));
  return {
    exercise,
    attempts: attempts.length,
    passed: first !== undefined,
    passedAt: first?.at ?? null,
    best,
    latest: attempts.at(-1)!,
  };
}

function share({ passed, stepsPassed, stepsTotal }: Attempt): number {
  return passed ? 1 : stepsPassed / Math.max(1, stepsTotal);
}

/** Returns how far one exercise has come, or null where it was not tried yet. */
export function progressOf(exercise: string, entries: readonly ProgressEntry[]): ExerciseProgress | null {
  return summarizeAttempts(entries).find((row) => row.exercise === exercise) ?? null;
}

/** Counts an exercise's failing attempts since it last passed: the rung of its ladder of hints. */
export function failuresSinceSuccess(exercise: string, entries: readonly ProgressEntry[]): number {
  const own = entries.filter((entry) => entry.kind === "attempt" && entry.exercise === exercise) as Attempt[];
  return own.length - 1 - own.findLastIndex(({ passed }) => passed);
}
