// Results that outlive their machine: one file of measured results, with who made it, when and by which command. It is what
// `ringside record` writes, what datasets/measurements ships and what a reader sends to another.
import type { Environment } from "../environment.js";
import type { MeasuredResult, Result } from "../result.js";

/** First word of every recording; a later form gets another number. */
export const RECORDING_FORMAT = "ringside-recording-1";

/** One machine's results. */
export interface Recording {
  readonly format: typeof RECORDING_FORMAT;
  /** What a figure calls the machine, e.g. `a virtual machine of two CPUs`. */
  readonly name: string;
  /** When the recording was finished. */
  readonly date: string;
  /** The command that makes such a recording. */
  readonly command: string;
  /** The machine when the recording was finished; each result has its own, too. */
  readonly environment: Environment;
  /** Notebooks that were run, in order. */
  readonly notebooks: readonly string[];
  readonly results: readonly MeasuredResult<unknown>[];
}

/** Kernel options that change what is measured; any other may be nobody's business but the owner's. */
const TELLING =
  /^(?:mitigations|pti|nopti|nospectre_\w+|spectre_\w+|isolcpus|nohz_full|rcu_nocbs|idle|processor\.\w+|intel_\w+|amd_\w+|clocksource|tsc|preempt)(?:=|$)/;

/** The same with the kernel's command line cut down to what changes a measurement: others will read it. */
function discreet(environment: Environment): Environment {
  const words = environment.commandLine.split(/\s+/).filter((word) => TELLING.test(word));
  return { ...environment, commandLine: words.join(" ") };
}

/**
 * Makes a recording of results. Only measured ones are kept, and none that was itself replayed.
 *
 * @param about name, date, command, machine, notebooks
 * @param results what the notebooks measured, in the order in which they did
 */
export function makeRecording(
  about: Omit<Recording, "format" | "results">,
  results: readonly Result<unknown>[],
): Recording {
  const live = results.filter(isLive).map((result) => ({
    ...result,
    environment: discreet(result.environment),
  }));
  return {
    format: RECORDING_FORMAT,
    ...about,
    environment: discreet(about.environment),
    results: live,
  };
}

function isLive(result: Result<unknown>): result is MeasuredResult<unknown> {
  return result.status === "ok" && result.recorded === undefined;
}

/**
 * Reads a recording's text.
 *
 * @param text the file
 * @param file its name, for the error
 * @throws Error where it is none
 */
export function parseRecording(text: string, file: string): Recording {
  const refuse = (cause: string): Error =>
    new Error(`Cannot read the recording ${file}: ${cause} -> make one with npx ringside record`);
  let read: Partial<Recording> | null;
  try {
    read = JSON.parse(text) as Partial<Recording> | null;
  } catch (error) {
    throw refuse(`it is not JSON (${(error as Error).message})`);
  }
  if (read?.format !== RECORDING_FORMAT) {
    throw refuse(`its format is ${JSON.stringify(read?.format)}, not "${RECORDING_FORMAT}"`);
  }
  const whole = Array.isArray(read.results) && read.results.every(isComplete);
  if (!whole || typeof read.name !== "string" || typeof read.environment?.kernel !== "string") {
    throw refuse("something of it is missing");
  }
  return read as Recording;
}

/** What a replay and a comparison rely on; the file may come from anybody. */
function isComplete(result: Partial<MeasuredResult<unknown>> | null): boolean {
  return (
    typeof result?.experiment === "string" &&
    typeof result.question === "string" &&
    typeof result.environment?.date === "string" &&
    typeof result.environment.kernel === "string" &&
    typeof result.guess?.measured === "number" &&
    typeof result.guess.guess?.unit === "string" &&
    typeof result.params === "object" &&
    result.outcome !== undefined
  );
}

/** A recording as its file holds it: a line for each result, so that a change shows in a diff. */
export function formatRecording({ results, ...about }: Recording): string {
  const head = JSON.stringify(about, null, 2).slice(0, -2);
  const lines = results.map((result) => `    ${JSON.stringify(result)}`);
  return `${head},\n  "results": [\n${lines.join(",\n")}\n  ]\n}\n`;
}

/** Adds newer results to a recording: of one experiment with the same parameters, the newer one stays. */
export function mergeRecordings(former: Recording, newer: Recording): Recording {
  const key = ({ experiment, params }: MeasuredResult<unknown>): string =>
    `${experiment} ${canonical(params)}`;
  const renewed = new Set(newer.results.map(key));
  const left = former.results.filter((result) => !renewed.has(key(result)));
  return { ...newer, results: [...left, ...newer.results] };
}

/** Two sets of parameters are the same whatever the order of their names. */
export function canonical(params: object): string {
  const sorted = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(sorted);
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value).filter(([, each]) => each !== undefined);
    return Object.fromEntries(
      entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, each]) => [key, sorted(each)]),
    );
  };
  return JSON.stringify(sorted(params));
}
