// The mark of a cell that runs or waits, in the file: the page's server may be killed, and the next one is to know what it was
// at. The mark is there before the kernel hears of the run, so no run is without one.

import type { NotebookCell } from "../jupyter/index.js";
import type { RunState } from "./protocol.js";

/** What a killed server was at. */
export interface Unfinished {
  /** The cell that ran, and the name by which the kernel knows the run. */
  readonly running: { readonly id: string; readonly run: string } | null;
  /** The cells that waited for it, the next one first. */
  readonly waiting: readonly string[];
}

type Mark =
  | { readonly state: "running"; readonly run: string | null }
  | { readonly state: "queued"; readonly place: number };

/**
 * @param run the run's name, where there is one to go on with
 * @param place grows from one waiting cell to the next
 * @returns undefined for a cell that neither runs nor waits
 */
export function markOf(state: RunState["state"], run: string | null, place: number): Mark | undefined {
  if (state === "queued") return { state, place };
  // Also where it was cut short: that mark is taken away by the next run, not by a restart of the server.
  return state === "running" || state === "lost" ? { state: "running", run } : undefined;
}

/** The mark in a cell of the file; null where there is none. What we do not understand was cut short. */
export function readMark({ metadata }: NotebookCell): Mark | null {
  const mark = (metadata.ringside as { run?: Partial<Mark> } | undefined)?.run;
  if (mark === undefined) return null;
  if (mark.state === "queued" && typeof mark.place === "number")
    return { state: "queued", place: mark.place };
  const run = mark.state === "running" && typeof mark.run === "string" ? mark.run : null;
  return { state: "running", run };
}

/** Reads what a killed server was at from the file that it left. */
export function unfinishedOf(cells: readonly NotebookCell[]): Unfinished {
  let running: Unfinished["running"] = null;
  const waiting: { id: string; place: number }[] = [];
  for (const cell of cells) {
    const mark = readMark(cell);
    if (mark?.state === "queued") waiting.push({ id: cell.id, place: mark.place });
    else if (mark?.state === "running" && mark.run !== null) running = { id: cell.id, run: mark.run };
  }
  waiting.sort((one, other) => one.place - other.place);
  return { running, waiting: waiting.map(({ id }) => id) };
}
