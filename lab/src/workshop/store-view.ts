// How each learner stands, read from the store that his own kernels write. A store only grows, so it is read again when its
// size has changed, and not when somebody looks.

import { statSync } from "node:fs";
import type { Stuck } from "../course/index.js";
import {
  type Attempt,
  failuresSinceSuccess,
  type ProgressEntry,
  readProgress,
  summarizeAttempts,
} from "../progress/index.js";

/** One learner's store. */
export interface StoreView {
  /** Everything that is kept, in order; where the file cannot be read any more, what was known of it. */
  entries(): readonly ProgressEntry[];
}

/** @param file that is there or will be */
export function viewStore(file: string): StoreView {
  let size = -1;
  let entries: readonly ProgressEntry[] = [];
  return {
    entries() {
      try {
        const now = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
        if (now !== size) entries = now === 0 ? [] : readProgress(file).entries;
        size = now;
      } catch {
        // The folder is the learner's. What cannot be read tells nothing new, and must not end the board.
      }
      return entries;
    },
  };
}

/** Exercises passed and tried, and the one where the learner is stuck. */
export interface Standing {
  readonly passed: number;
  readonly tried: number;
  readonly stuck: Stuck | null;
}

/** @param now in ms since 1970 */
export function standingOf(entries: readonly ProgressEntry[], now: number): Standing {
  const rows = summarizeAttempts(entries);
  return {
    passed: rows.filter(({ passed }) => passed).length,
    tried: rows.length,
    stuck: stuckAt(entries, now),
  };
}

/** Stuck is who failed last and has not passed anything since. */
function stuckAt(entries: readonly ProgressEntry[], now: number): Stuck | null {
  const last = entries.findLast((entry): entry is Attempt => entry.kind === "attempt");
  if (last === undefined || last.passed) return null;
  return {
    exercise: last.exercise,
    failures: failuresSinceSuccess(last.exercise, entries),
    stepsPassed: last.stepsPassed,
    stepsTotal: last.stepsTotal,
    scenario: last.scenario ?? "",
    hint: last.hint ?? "",
    agoS: Math.max(0, Math.round((now - Date.parse(last.at)) / 1000)),
  };
}
