// Hints climb a ladder: each failing check of the same exercise goes one rung up, also after a restart, as far as attempts are
// kept. A mistake that we know gets its own hint at once, and the ladder only from the second failure on.
import { failuresSinceSuccess, readProgress } from "../progress/index.js";
import type { Exercise, WrongAnswer } from "./types.js";

/** The mistake that any exercise knows. */
export const NEVER_ENDS: WrongAnswer = {
  name: "never ends",
  hint: "a loop ends when its condition becomes false. Does each round change what the condition looks at?",
};

/** Those of this session: all there is where attempts are not kept. */
const failures = new Map<string, number>();

/** Counts a failing check, before it is kept. Returns how many failed since the last success. */
export function countFailure(id: string): number {
  const count = Math.max(failures.get(id) ?? 0, keptFailures(id)) + 1;
  failures.set(id, count);
  return count;
}

function keptFailures(id: string): number {
  try {
    return failuresSinceSuccess(id, readProgress().entries);
  } catch {
    // Another user's file; whoever writes to it next says so.
    return 0;
  }
}

/** Forgets an exercise's failures in this session: it was solved, or a new learner sits down. */
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
  const known = [...exercise.wrongAnswers, NEVER_ENDS].find((answer) => answer.name === diagnosis);
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
