// Two machines side by side: every experiment that both recorded with the same parameters, by the one figure that its guess is
// about. Where one has measured it more than once, its newest result counts.
import type { MeasuredResult } from "../result.js";
import { canonical, type Recording } from "./recording.js";

/** One experiment on two machines. */
export interface SideBySide {
  readonly experiment: string;
  readonly question: string;
  /** Parameters in which this row differs from others of its experiment; empty where it is the only one. */
  readonly params: string;
  readonly unit: string;
  readonly a: number;
  readonly b: number;
}

/** What two recordings have in common, and what only one of them has. */
export interface RecordingComparison {
  readonly rows: readonly SideBySide[];
  /** Experiments that only the first has, or only the second. */
  readonly onlyA: readonly string[];
  readonly onlyB: readonly string[];
}

/** Puts two recordings side by side, in the order of the first. */
export function compareRecordings(a: Recording, b: Recording): RecordingComparison {
  const [ours, theirs] = [byKey(a), byKey(b)];
  const shared = [...ours.keys()].filter((key) => theirs.has(key));
  const names = shared.map((key) => ours.get(key)!.experiment);
  const rows = shared.map((key) => {
    const [one, other] = [ours.get(key)!, theirs.get(key)!];
    const several = names.filter((name) => name === one.experiment).length > 1;
    return {
      experiment: one.experiment,
      question: one.question,
      params: several ? wordsOf(one.params) : "",
      unit: one.guess.guess.unit,
      a: one.guess.measured,
      b: other.guess.measured,
    };
  });
  return { rows, onlyA: without(ours, theirs), onlyB: without(theirs, ours) };
}

type Keyed = Map<string, MeasuredResult<unknown>>;

function byKey({ results }: Recording): Keyed {
  const keyed: Keyed = new Map();
  for (const result of results) {
    const key = `${result.experiment} ${canonical(result.params)} ${result.guess.guess.unit}`;
    const former = keyed.get(key);
    if (former === undefined || former.environment.date <= result.environment.date) keyed.set(key, result);
  }
  return keyed;
}

function without(these: Keyed, those: Keyed): string[] {
  const lacking = [...these].filter(([key]) => !those.has(key));
  return [...new Set(lacking.map(([, { experiment }]) => experiment))];
}

/** The parameters that are a word, as a name: `program fullSocket`. */
function wordsOf(params: object): string {
  return Object.entries(params)
    .filter(([, value]) => typeof value === "string" && /^[\w.-]{1,24}$/.test(value))
    .map(([, value]) => value)
    .join(", ");
}
