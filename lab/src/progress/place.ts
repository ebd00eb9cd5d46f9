// Where progress is kept: beside the course, in a folder that git ignores, so that an update of the clone leaves it alone.
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * The environment variable that moves the store to another folder (a learner of a workshop has one of his own), or with
 * `off` keeps nothing: tests, and whoever runs other people's notebooks, are no learners.
 */
export const PROGRESS_VARIABLE = "RINGSIDE_PROGRESS";

const FOLDER = fileURLToPath(new URL("../../../.ringside/progress", import.meta.url));

/** The one file of the store, in `.ringside/progress` of this clone unless told otherwise; null where nothing is to be kept. */
export function progressFile(): string | null {
  const folder = process.env[PROGRESS_VARIABLE] || FOLDER;
  return folder === "off" ? null : resolve(folder, "progress.jsonl");
}
