// Where recordings lie: those that come with the course, and the reader's own. They are read when a measurement is first
// missing, and never where everything can be measured.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Environment } from "../environment.js";
import type { MeasuredResult } from "../result.js";
import { canonical, parseRecording, type Recording } from "./recording.js";

/** Recordings that come with the course. */
export const SHIPPED_RECORDINGS: string = fileURLToPath(
  new URL("../../../../datasets/measurements/", import.meta.url),
);

/** The reader's own, under the folder of the lab's state. */
export const OWN_RECORDINGS: string = fileURLToPath(
  new URL("../../../../.ringside/recordings/", import.meta.url),
);

/** A recording and the file that holds it. */
export interface StoredRecording {
  readonly file: string;
  readonly recording: Recording;
}

const known = new Map<string, { readonly changed: number; readonly recording: Recording }>();

/** Reads one file, or gives what it held the last time where it is the same. @throws Error where it is no recording */
export function readRecording(file: string): Recording {
  const path = resolve(file);
  const { mtimeMs } = statSync(path);
  const former = known.get(path);
  if (former?.changed === mtimeMs) return former.recording;
  const recording = parseRecording(readFileSync(path, "utf8"), file);
  known.set(path, { changed: mtimeMs, recording });
  return recording;
}

/** All recordings of some folders, the newest first. A folder that is not there has none, and so has another user's. */
export function listRecordings(
  folders: readonly string[] = [SHIPPED_RECORDINGS, OWN_RECORDINGS],
): StoredRecording[] {
  return folders
    .flatMap((folder) => filesOf(folder))
    .map((file) => ({ file, recording: readRecording(file) }))
    .sort((one, other) => (one.recording.date < other.recording.date ? 1 : -1));
}

function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".json"))
      .map((name) => join(folder, name));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "EACCES") return [];
    throw error;
  }
}

/** A result in a recording. */
export interface FoundResult {
  readonly recording: Recording;
  readonly result: MeasuredResult<unknown>;
}

/**
 * The recorded result to show of an experiment with the same parameters: a real processor's before an emulated one's, and of
 * those the newest.
 *
 * @param experiment its name
 * @param params all of them, defaults included
 * @returns null where no recording fits
 */
export function findRecorded(
  experiment: string,
  params: object,
  recordings: readonly StoredRecording[] = listRecordings(),
): FoundResult | null {
  const wanted = canonical(params);
  const fitting = recordings.flatMap(({ recording }) =>
    recording.results
      .filter((result) => result.experiment === experiment && canonical(result.params) === wanted)
      .map((result) => ({ recording, result })),
  );
  return fitting.sort(byWorth)[0] ?? null;
}

function byWorth(one: FoundResult, other: FoundResult): number {
  const [a, b] = [one.result.environment, other.result.environment];
  return Number(isEmulated(a)) - Number(isEmulated(b)) || b.date.localeCompare(a.date);
}

/** Recordings of the first day do not say. */
function isEmulated({ emulated }: Partial<Environment>): boolean {
  return emulated === true;
}
