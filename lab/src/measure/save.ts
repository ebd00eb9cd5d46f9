// Results are kept as JSON beside the course, in .ringside/results, so that a figure can be found again and doubted.
// A full disk must not cost anybody the measurement: it is returned all the same, with one warning.
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Result } from "./result.js";

/** Folder of saved results, under the folder that the process was started in. */
export const RESULTS_FOLDER = ".ringside/results";

/** Names another folder for them, for a run whose results are to be found again: `ringside record` sets it. */
export const RESULTS_VARIABLE = "RINGSIDE_RESULTS";

let warned = false;

function resultsFolder(): string {
  return process.env[RESULTS_VARIABLE] ?? RESULTS_FOLDER;
}

/**
 * Saves a result as `<id>.json`.
 *
 * @returns The file, or null where it could not be written; the first time, standard error says why.
 */
export function saveResult(result: Result<unknown>, folder: string = resultsFolder()): string | null {
  const file = join(resolve(folder), `${result.id}.json`);
  const unfinished = `${file}.${process.pid}`;
  try {
    mkdirSync(resolve(folder), { recursive: true });
    writeFileSync(unfinished, `${JSON.stringify(result, null, 2)}\n`);
    renameSync(unfinished, file);
    return file;
  } catch (error) {
    removeUnfinished(unfinished);
    warnOnce(file, error as NodeJS.ErrnoException);
    return null;
  }
}

function removeUnfinished(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // Where the folder itself is no folder there is nothing to remove; the warning tells the cause.
  }
}

function warnOnce(file: string, error: NodeJS.ErrnoException): void {
  if (warned) return;
  warned = true;
  const isFull = error.code === "ENOSPC";
  const cause = isFull ? "the disk is full" : error.message;
  const next = isFull ? "free some space" : "mend the folder, or use sudo if it is root's";
  console.warn(
    `Cannot save ${file}: ${cause}; the results are shown but not kept -> ${next}, then measure again`,
  );
}
