// One cell of a sheet: its text, how its last run went and what it put out, each with the number of its last change.

import { type NotebookCell, type Output, renderMarkdown } from "../jupyter/index.js";
import { viewOutput } from "./output-view.js";
import type { CellChange, CellView, Origin, OutputView, RunState } from "./protocol.js";
import { markOf, readMark } from "./run-mark.js";

/** A cell and the numbers of its last changes. */
export interface SheetCell {
  cell: NotebookCell;
  version: number;
  run: RunState;
  runSeq: number;
  /** The name of the run that it is at, or was at when the server was killed; else null. */
  runName: string | null;
  outputs: readonly Output[];
  /** One number for each output. */
  outputSeqs: number[];
  outputsSeq: number;
}

/** A cell as the file has it. @param seq number of this change */
export function loadCell(cell: NotebookCell, seq: number): SheetCell {
  const outputs = cell.cell_type === "code" ? cell.outputs : [];
  const outputSeqs = outputs.map(() => seq);
  const mark = readMark(cell);
  const runName = mark?.state === "running" ? mark.run : null;
  return { cell, version: seq, run: runOf(cell), runSeq: seq, runName, outputs, outputSeqs, outputsSeq: seq };
}

/** A cell that is known already, as the file has it now: what did not change keeps its number, and a running cell runs on. */
export function reloadCell(known: SheetCell, cell: NotebookCell, seq: number): SheetCell {
  const version = known.cell.source === cell.source ? known.version : seq;
  if (known.run.state === "running") return { ...known, cell, version };
  const loaded = loadCell(cell, seq);
  const unchanged = JSON.stringify(loaded.outputs) === JSON.stringify(known.outputs);
  return unchanged ? { ...known, cell, version } : { ...loaded, version };
}

/** The cell for the file. */
export function storedCell({ cell, run, runSeq, runName, outputs }: SheetCell): NotebookCell {
  if (cell.cell_type === "markdown") return cell;
  const ours = { ...(cell.metadata.ringside as object | undefined) } as Record<string, unknown>;
  const mark = markOf(run.state, runName, runSeq);
  if (mark !== undefined) ours.run = mark;
  else delete ours.run;
  const metadata = { ...cell.metadata, ringside: ours };
  return { ...cell, metadata, execution_count: run.count, outputs: [...outputs] };
}

/** The cell for the page, whole. */
export function viewCell({ cell, version, run, outputs }: SheetCell, origin: Origin): CellView {
  const html = cell.cell_type === "markdown" ? renderMarkdown(cell.source) : "";
  const isExercise = Array.isArray(cell.metadata.tags) && cell.metadata.tags.includes("exercise");
  const common = { id: cell.id, kind: cell.cell_type, source: cell.source, version, html, isExercise };
  return { ...common, origin, run, outputs: outputs.map(viewOutput) };
}

/** What of the cell is newer than a number; null where nothing is. */
export function changeSince(entry: SheetCell, seq: number, origin: Origin): CellChange | null {
  const { cell, version, run, outputs } = entry;
  if (Math.max(version, entry.runSeq, entry.outputsSeq) <= seq) return null;
  const fresh: { at: number; output: OutputView }[] = [];
  outputs.forEach((output, at) => {
    if (entry.outputSeqs[at]! > seq) fresh.push({ at, output: viewOutput(output) });
  });
  return {
    id: cell.id,
    outputCount: outputs.length,
    ...(version > seq && { source: { text: cell.source, version, origin } }),
    ...(entry.runSeq > seq && { run }),
    ...(fresh.length > 0 && { outputs: fresh }),
  };
}

/** How a cell ended, as far as the file tells. */
function runOf(cell: NotebookCell): RunState {
  if (cell.cell_type === "markdown") return { state: "idle", count: null, ms: null };
  const count = cell.execution_count;
  const mark = readMark(cell);
  if (mark !== null) return { state: mark.state === "running" ? "lost" : "stopped", count, ms: null };
  const failed = cell.outputs.some(({ output_type }) => output_type === "error");
  return { state: failed ? "error" : count === null ? "idle" : "ok", count, ms: null };
}
