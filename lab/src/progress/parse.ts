// A line of the store, read with suspicion: it may be the half of one, or somebody's edit.
import type { ProgressEntry } from "./entry.js";

/** What an entry of each kind cannot be without. */
const FIELDS: Readonly<Record<string, Readonly<Record<string, "string" | "number" | "boolean">>>> = {
  attempt: {
    at: "string",
    exercise: "string",
    passed: "boolean",
    stepsPassed: "number",
    stepsTotal: "number",
  },
  guess: {
    at: "string",
    experiment: "string",
    unit: "string",
    low: "number",
    high: "number",
    measured: "number",
  },
};

/** Returns the entry on a line, or null where there is none. */
export function parseEntry(line: string): ProgressEntry | null {
  let value: Record<string, unknown> | null;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  const fields = FIELDS[String(value?.kind)];
  if (value === null || fields === undefined) return null;
  const isWhole = Object.entries(fields).every(([name, type]) => typeof value[name] === type);
  return isWhole ? (value as unknown as ProgressEntry) : null;
}
