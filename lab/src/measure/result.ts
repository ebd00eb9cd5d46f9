import { createHash } from "node:crypto";
import type { Environment } from "./environment.js";
import type { RunFacts } from "./messages.js";
import type { GuessJudgement } from "./predict.js";

/** What every result says, however the run ended. */
interface ResultBase {
  /** `r-<experiment>-<yyyymmdd>-<hash>`; also the name of its file. */
  readonly id: string;
  readonly experiment: string;
  readonly question: string;
  readonly environment: Environment;
  readonly params: object;
  /** Seed of the random order and of the bootstrap. */
  readonly seed: number;
  /** What this way of measuring cannot see. */
  readonly unseen: readonly string[];
}

/** Where figures come from that this machine could not measure. */
export interface RecordedFrom {
  /** Name, processor, kernel and day, in a line. */
  readonly on: string;
  /** What the recording calls its machine. */
  readonly name: string;
  /** Why it was not measured here, and what to do to have it measured. */
  readonly because: string;
  readonly next: string;
}

/** A run that gave figures. */
export interface MeasuredResult<Outcome> extends ResultBase {
  readonly status: "ok";
  /** Only where they were recorded on another machine; then `environment`, `seed` and `run` are of that one, too. */
  readonly recorded?: RecordedFrom;
  readonly outcome: Outcome;
  /** The guess beside the figure it was about. */
  readonly guess: GuessJudgement;
  readonly run: RunFacts;
}

/** Why there are no figures, and what to do about it. */
export interface WhyNot {
  readonly reason: string;
  readonly next: string;
}

/** A run that gave none: the machine was not fit for it, or somebody stopped it. */
export interface NoResult extends ResultBase {
  readonly status: "refused" | "aborted";
  readonly reason: string;
  /** What to do to get figures. */
  readonly next: string;
}

/** What a measurement returns: figures, or why there are none. */
export type Result<Outcome> = MeasuredResult<Outcome> | NoResult;

/** Where figures come from, as the figures of `plot` take it. */
export interface ResultProvenance {
  readonly machine: string;
  readonly kernel: string;
  /** `recorded`: another machine's, because this one could not measure it. */
  readonly mode: "live" | "recorded";
  readonly date: string;
  /** Only where recorded: what the recording calls its machine. */
  readonly recordedOn?: string;
}

/** The figures of a result, or an error that says why there are none. @throws Error where the run was refused or aborted */
export function outcomeOf<Outcome>(result: Result<Outcome>): Outcome {
  if (result.status === "ok") return result.outcome;
  throw new Error(
    `Cannot show ${result.experiment}: ${result.reason}; no figures were made -> ${result.next}`,
  );
}

/** Says machine, kernel and day of a result, for the footer of its figure. */
export function provenance(result: Result<unknown>): ResultProvenance {
  const from = environmentProvenance(result.environment);
  if (result.status !== "ok" || result.recorded === undefined) return from;
  return { ...from, mode: "recorded", recordedOn: result.recorded.name };
}

/** `here`, or where a recorded result was measured: for sentences and names that speak of its figures. */
export function measuredWhere(result: Result<unknown>): string {
  return result.status === "ok" && result.recorded !== undefined
    ? `on ${result.recorded.name} (recorded)`
    : "here";
}

/** The same of an environment alone, for figures that no experiment made. */
export function environmentProvenance(environment: Environment): ResultProvenance {
  const { kernel, date } = environment;
  return {
    machine: processorOf(environment),
    kernel: kernel.split(" ")[0]!,
    mode: "live",
    date: date.slice(0, 10),
  };
}

/** `AMD EPYC, 2 CPUs`; an emulated one says so, because its times are no processor's. */
export function processorOf({ cpuModel, cpuCount, emulated }: Environment): string {
  return `${cpuModel}${emulated ? ", emulated" : ""}, ${cpuCount} CPU${cpuCount === 1 ? "" : "s"}`;
}

/** Names a result after what is in it. */
export function resultId(experiment: string, date: string, content: object): string {
  const hash = createHash("sha256").update(JSON.stringify(content)).digest("hex").slice(0, 8);
  return `r-${experiment}-${date.slice(0, 10).replaceAll("-", "")}-${hash}`;
}

/**
 * Where several results come from, for a figure that draws them together.
 *
 * @returns null where none of them has figures yet
 * @throws Error where some were measured here and others recorded, or recorded on two machines: they belong in no one figure
 */
export function sharedProvenance(results: Iterable<Result<unknown>>): ResultProvenance | null {
  let shared: ResultProvenance | null = null;
  for (const result of results) {
    if (result.status !== "ok") continue;
    const from = provenance(result);
    shared ??= from;
    const same = (["mode", "machine", "kernel", "recordedOn"] as const).every(
      (key) => shared![key] === from[key],
    );
    if (same) continue;
    throw new Error(
      `Cannot draw ${result.experiment} with other results: one is ${from.mode} on ${from.machine}, Linux ${from.kernel}, another ${shared.mode} on ${shared.machine}, Linux ${shared.kernel} -> draw a figure for each`,
    );
  }
  return shared;
}
