// What may be released: the solution of each exercise, taken from the text that the notebook is built from. It leaves the
// server when the instructor says so.

import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { ReleasedSolution } from "../course/index.js";
import { buildNotebook, exerciseOf, notebookSources, parsePercent } from "../jupyter/index.js";

const MARKER = /^\s*\/\/ (?:BEGIN|END) SOLUTION\n?/gm;

/**
 * Reads the solutions of a course.
 *
 * @param sources folder of the notebooks' texts
 * @returns one a cell that checks an exercise, by the exercise's id
 */
export function readSolutions(sources: string): ReadonlyMap<string, ReleasedSolution> {
  const solutions = new Map<string, ReleasedSolution>();
  for (const path of notebookSources(sources)) {
    const slug = basename(path, ".ts");
    const cells = parsePercent(basename(path), readFileSync(path, "utf8"));
    for (const { cell_type, id, source } of buildNotebook(slug, cells, "instructor").cells) {
      const exercise = cell_type === "code" ? exerciseOf(source)?.id : undefined;
      if (exercise !== undefined) {
        solutions.set(exercise, { cell: id, exercise, code: source.replace(MARKER, "").trim() });
      }
    }
  }
  return solutions;
}
