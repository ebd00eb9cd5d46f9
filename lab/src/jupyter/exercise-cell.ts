// What the build adds to a cell that checks an exercise: one line that says what it is worth and how far its starter gets, and
// metadata by which nbgrader knows a cell that is both answer and grade. The exercise itself says all of it once.

import { type Exercise, exercises, stepCount } from "../exercise/index.js";
import type { CellMetadata } from "./percent.js";

const CHECK = /\bcheck\("([a-z0-9/-]+)"/;

/** The course's exercise that a code cell checks, or null. */
export function exerciseOf(text: string): Exercise<unknown> | null {
  const id = CHECK.exec(text)?.[1];
  return exercises.find((exercise) => exercise.id === id) ?? null;
}

/** The first line of the learner's cell: `// 5 points; 5 of 26 steps pass before you begin.` */
export function headline(exercise: Exercise<unknown>): string {
  const { points, starterSteps } = exercise;
  const worth = `// ${points} ${points === 1 ? "point" : "points"}`;
  return starterSteps === undefined
    ? worth
    : `${worth}; ${starterSteps} of ${stepCount(exercise)} steps pass before you begin.`;
}

/**
 * What nbgrader calls a manually graded answer: the learner's cell is graded, and stays open to edits. There is no checksum:
 * nbgrader writes its own when it makes an assignment, and uses it to tell an untouched cell.
 *
 * @source nbgrader, nbgrader/nbgraderformat/v3.json and v3.py
 */
export function nbgraderMetadata({ id, points }: Exercise<unknown>): CellMetadata {
  const grade_id = id.slice(id.indexOf("/") + 1);
  return { schema_version: 3, grade: true, solution: true, locked: false, task: false, grade_id, points };
}
