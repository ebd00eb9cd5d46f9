// Which exercises a notebook has, and how far the learner is with each: read from the store that `check` writes.

import { exercises } from "../exercise/index.js";
import { readProgress, summarizeAttempts } from "../progress/index.js";
import type { ExerciseState } from "./protocol.js";

/**
 * @param file the store of one learner; this machine's own unless given
 * @returns looks up the exercises of a notebook by its slug, as they stand now
 */
export function exerciseStates(file?: string): (slug: string) => ExerciseState[] {
  const kept = new Map(summarizeAttempts(readProgress(file).entries).map((row) => [row.exercise, row]));
  return (slug) =>
    exercises
      .filter(({ id }) => id.startsWith(`${slug}/`))
      .map(({ id }) => {
        const { passed = false, attempts = 0 } = kept.get(id) ?? {};
        return { id, passed, attempts };
      });
}
