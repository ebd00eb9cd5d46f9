/**
 * progress: what has this learner tried and guessed, and what came of it?
 * Read `entry.ts` first (what is kept), then `store.ts` (how a line survives a crash, and two tabs at once). `check` and every
 * measurement write here; the course page, `ringside progress` and the last cell of the course read. It leaves out the
 * learner's answers themselves, which stay in the notebooks, and it sends nothing anywhere.
 */
export type { Attempt, KeptGuess, ProgressEntry } from "./entry.js";
export { exportProgress, type ProgressExport } from "./export.js";
export { convergence, firstGuesses, type GuessesShown, guessesSoFar, guessName } from "./guesses.js";
export { PROGRESS_VARIABLE, progressFile } from "./place.js";
export { type KeptProgress, readProgress, recordAttempt, recordGuess } from "./store.js";
export { type ExerciseProgress, failuresSinceSuccess, progressOf, summarizeAttempts } from "./summary.js";
