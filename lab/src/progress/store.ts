// One file, one line of JSON an entry. A line is added by one write in append mode, which the kernel does not mix with
// another's, so two notebooks need no lock; nothing is ever rewritten, so a crash can cost the line being written and no other.
// What a killed writer left of its line has no end: the next writer begins on a line of its own, and readers skip the
// remains and say so. (POSIX promises this order on local file systems; NFS does not.)
import {
  closeSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import type { Attempt, KeptGuess, ProgressEntry } from "./entry.js";
import { obstacleOf } from "./obstacle.js";
import { parseEntry } from "./parse.js";
import { progressFile } from "./place.js";

/** What the store holds. */
export interface KeptProgress {
  /** In the order in which they were written. */
  readonly entries: readonly ProgressEntry[];
  /** Numbers, from 1, of lines that hold no entry: cut off by a crash, or edited. */
  readonly skippedLines: readonly number[];
}

/**
 * Keeps one check of an exercise.
 *
 * @param file the store; null keeps nothing
 * @returns true where it was kept; a full disk costs a warning, never the check
 */
export function recordAttempt(
  attempt: Omit<Attempt, "kind" | "at">,
  file: string | null = progressFile(),
): boolean {
  return keep({ kind: "attempt", at: now(), ...attempt }, file);
}

/** Keeps one guess with its result; see `recordAttempt`. */
export function recordGuess(
  guess: Omit<KeptGuess, "kind" | "at">,
  file: string | null = progressFile(),
): boolean {
  return keep({ kind: "guess", at: now(), ...guess }, file);
}

/**
 * Reads everything that was kept.
 *
 * @returns the entries, and which lines were skipped; no entries where nothing was kept yet
 * @throws Error where the file belongs to another user, or lies below what is no folder
 */
export function readProgress(file: string | null = progressFile()): KeptProgress {
  const lines = readLines(file);
  const parsed = lines.map(parseEntry);
  return {
    entries: parsed.filter((entry) => entry !== null),
    skippedLines: lines.flatMap((line, i) => (parsed[i] === null && line !== "" ? [i + 1] : [])),
  };
}

function readLines(file: string | null): string[] {
  if (file === null) return [];
  try {
    return readFileSync(file, "utf8").split("\n");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    const { cause, next } = obstacleOf(file, error as NodeJS.ErrnoException);
    throw new Error(`Cannot read ${file}: ${cause} -> ${next}`);
  }
}

function now(): string {
  return new Date().toISOString();
}

function keep(entry: ProgressEntry, file: string | null): boolean {
  if (file === null) return false;
  try {
    append(file, JSON.stringify(entry));
    return true;
  } catch (error) {
    warnOnce(file, error as NodeJS.ErrnoException);
    return false;
  }
}

function append(file: string, line: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  // Readable as well, to see how the file ends; writes go to the end wherever that is by then.
  const fd = openSync(file, "a+", 0o600);
  try {
    const bytes = Buffer.from(`${endsWithin(fd) ? "\n" : ""}${line}\n`);
    const written = writeSync(fd, bytes);
    if (written < bytes.length) throw new Error(`only ${written} of ${bytes.length} bytes were written`);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Whether the file ends within a line: its writer was killed, or is just writing, and then an empty line does no harm. */
function endsWithin(fd: number): boolean {
  const { size } = fstatSync(fd);
  const last = Buffer.alloc(1);
  return size > 0 && readSync(fd, last, 0, 1, size - 1) === 1 && last[0] !== 0x0a;
}

let warned = false;

function warnOnce(file: string, error: NodeJS.ErrnoException): void {
  if (warned) return;
  warned = true;
  const { cause, next } = obstacleOf(file, error);
  console.warn(
    `Cannot keep your progress in ${file}: ${cause}; the check itself counts, and is forgotten -> ${next}, then check again`,
  );
}
