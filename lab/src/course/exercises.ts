// Which exercises a notebook has, and how far the learner is with each.

import { exercises } from "../exercise/index.js";
import type { ExerciseState } from "./protocol.js";

/** @returns looks up the exercises of a notebook by its slug */
export function exerciseStates(): (slug: string) => ExerciseState[] {
  return (slug) =>
    exercises
      .filter(({ id }) => id.startsWith(`${slug}/`))
      .map(({ id }) => ({ id, passed: false, attempts: 0 }));
}
