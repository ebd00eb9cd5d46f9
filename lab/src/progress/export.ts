// A learner takes the record along, or hands it in: one JSON text with everything that is kept and what it sums up to.

import type { ProgressEntry } from "./entry.js";
import { readProgress } from "./store.js";
import { type ExerciseProgress, summarizeAttempts } from "./summary.js";

/** The exported record. */
export interface ProgressExport {
  readonly format: "ringside-progress-1";
  readonly exercises: readonly ExerciseProgress[];
  readonly entries: readonly ProgressEntry[];
}

/** Returns all that is kept, ready for `JSON.stringify`. @throws Error where the store cannot be read */
export function exportProgress(): ProgressExport {
  const { entries } = readProgress();
  return { format: "ringside-progress-1", exercises: summarizeAttempts(entries), entries };
}
