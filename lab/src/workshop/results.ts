// What is left of a workshop: a row for each learner and exercise, and one for each first guess, as CSV for a spreadsheet.

import { csvLines } from "../grade/index.js";
import { firstGuesses, guessName, type ProgressEntry, summarizeAttempts } from "../progress/index.js";
import type { Learner } from "./room-state.js";

const COLUMNS = [
  "learner",
  "joined",
  "kind",
  "what",
  "passed",
  "attempts",
  "steps",
  "of_steps",
  "stuck_at",
  "guess_low",
  "guess_high",
  "measured",
  "unit",
  "when",
] as const;

/** One learner and all that was kept of him. */
export interface LearnerRecord {
  readonly learner: Learner;
  readonly entries: readonly ProgressEntry[];
}

/** Writes CSV; a learner who tried nothing has one row, too. */
export function resultsCsv(records: readonly LearnerRecord[]): string {
  return csvLines([COLUMNS, ...records.flatMap(rowsOf)]);
}

type Row = readonly (string | number)[];

function rowsOf({ learner: { name, joinedAt }, entries }: LearnerRecord): Row[] {
  const who = [name, joinedAt] as const;
  const exercises = summarizeAttempts(entries).map(
    ({ exercise, passed, attempts, best, latest, passedAt }): Row => [
      ...who,
      "exercise",
      exercise,
      passed ? "yes" : "no",
      attempts,
      best.stepsPassed,
      best.stepsTotal,
      passed ? "" : (latest.scenario ?? ""),
      ...["", "", "", ""],
      passedAt ?? latest.at,
    ],
  );
  const guesses = firstGuesses(entries).map(
    (guess): Row => [
      ...who,
      "guess",
      guessName(guess),
      ...["", "", "", "", ""],
      guess.low,
      guess.high,
      guess.measured,
      guess.unit,
      guess.at,
    ],
  );
  const rows = [...exercises, ...guesses];
  return rows.length > 0 ? rows : [[...who, "nothing tried", ...Array<string>(11).fill("")]];
}
