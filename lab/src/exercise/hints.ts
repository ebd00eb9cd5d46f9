// Hints climb a ladder: each failing check of the same exercise in this session goes one rung up. A mistake
// that we know gets its own hint at once, and the ladder only from the second failure on.
import type { Exercise } from "./types.js";

const failures = new Map<string, number>();

/** Counts a failing check. Returns how many failed since the last success in this session. */
export function countFailure(id: string): number {
  const count = (failures.get(id) ?? 0) + 1;
  failures.set(id, count);
  return count;
}

/** Forgets an exercise's failures: it was solved, or a new learner sits down. */
export function forgetFailures(id: string): void {
  failures.delete(id);
}

/**
 * Chooses the hint for the n-th failure.
 *
 * @param failure 1 for the first failing check
 * @param diagnosis name of the recognised wrong answer, or null
 * @throws RangeError where the exercise has no such wrong answer
 */
export function chooseHint(exercise: Exercise<unknown>, failure: number, diagnosis: string | null): string {
  if (diagnosis === null) return rung(exercise, failure);
  const known = exercise.wrongAnswers.find((answer) => answer.name === diagnosis);
  if (known === undefined) {
    throw new RangeError(
      `Cannot hint at wrong answer "${diagnosis}" of ${exercise.id}: it is not listed -> add it to wrongAnswers`,
    );
  }
  const own = `Hint: ${known.hint}`;
  return failure === 1 ? own : `${own}\n${rung(exercise, failure - 1)}`;
}

function rung(exercise: Exercise<unknown>, number: number): string {
  const reached = Math.min(number, exercise.hints.length);
  return `Hint ${reached} of ${exercise.hints.length}: ${exercise.hints[reached - 1]}`;
}
