// Runs a notebook from top to bottom through a real Jupyter server, as a reader would who presses "Run all".

import { basename, relative } from "node:path";
import { patient } from "../sys/index.js";
import { type RunningKernel, startKernel } from "./kernel.js";
import { type Notebook, type NotebookCell, type Output, readNotebook } from "./notebook.js";
import { collectOutputs } from "./outputs.js";
import type { JupyterServer } from "./server.js";

/** How a run behaves. */
export interface RunSpec {
  /** The notebook's file, inside the server's folder. */
  readonly path: string;
  /** Time one cell may take, in milliseconds; a cell that takes longer is interrupted. 60 s unless told, and more where `RINGSIDE_PATIENCE` asks for it. */
  readonly cellBudgetMs?: number;
  /** Run the cells after a failed one, too. */
  readonly keepGoing?: boolean;
  /** Told of each step while the notebook runs. */
  readonly onProgress?: (progress: Progress) => void;
}

/** A step of a run. Cells count from 1, markdown included, as a reader counts them. */
export type Progress =
  | { readonly kind: "cell-started"; readonly cell: number; readonly of: number }
  | { readonly kind: "output"; readonly cell: number; readonly outputs: readonly Output[] }
  | { readonly kind: "cell-ended"; readonly cell: number; readonly result: CellResult };

/** How one code cell ended. `skipped`: an earlier cell failed. `died`: the kernel did. */
export interface CellResult {
  /** Counts from 1, markdown included. */
  readonly cell: number;
  readonly id: string;
  readonly status: "ok" | "error" | "timeout" | "died" | "skipped";
  readonly durationMs: number;
  readonly outputs: readonly Output[];
  /** One line that says what went wrong, or null. */
  readonly error: string | null;
}

/** What a run came to. */
export interface NotebookRun {
  readonly path: string;
  readonly ok: boolean;
  readonly durationMs: number;
  readonly cells: readonly CellResult[];
  /** The first failure in one line, or null. */
  readonly error: string | null;
  /** The notebook with the outputs of this run, to be saved or rendered. */
  readonly executed: Notebook;
}

const DEFAULT_BUDGET_MS = patient(60_000);
/** Jupyter's own tag for a cell that is meant to fail. */
const MEANT_TO_FAIL = "raises-exception";

/**
 * Runs a notebook.
 *
 * @returns what each cell did; a failing cell, a timeout and a dead kernel are results
 * @throws Error where the notebook cannot be read or no kernel starts
 */
export async function runNotebook(server: JupyterServer, spec: RunSpec): Promise<NotebookRun> {
  const notebook = readNotebook(spec.path);
  const started = performance.now();
  const kernel = await startKernel(server, relative(server.folder, spec.path));
  try {
    const results = await runCells(kernel, notebook, spec);
    const failed = results.find(({ error }) => error !== null);
    return {
      path: spec.path,
      ok: failed === undefined,
      durationMs: performance.now() - started,
      cells: results.map(({ executionCount: _, ...result }) => result),
      error: failed?.error ?? null,
      executed: withOutputs(notebook, results),
    };
  } finally {
    await kernel.close();
  }
}

type Ended = CellResult & { readonly executionCount: number | null };

async function runCells(kernel: RunningKernel, notebook: Notebook, spec: RunSpec): Promise<Ended[]> {
  const results: Ended[] = [];
  let halted = false;
  for (const [index, cell] of notebook.cells.entries()) {
    if (cell.cell_type !== "code" || cell.source.trim() === "") continue;
    const number = index + 1;
    if (halted) {
      results.push({ ...nothing(number, cell.id), status: "skipped" });
      continue;
    }
    spec.onProgress?.({ kind: "cell-started", cell: number, of: notebook.cells.length });
    const result = await runCell(kernel, cell, number, spec);
    results.push(result);
    spec.onProgress?.({ kind: "cell-ended", cell: number, result });
    halted = result.status === "died" || (result.status !== "ok" && !spec.keepGoing);
  }
  return results;
}

async function runCell(
  kernel: RunningKernel,
  cell: NotebookCell,
  number: number,
  spec: RunSpec,
): Promise<Ended> {
  const collector = collectOutputs();
  const budgetMs = spec.cellBudgetMs ?? DEFAULT_BUDGET_MS;
  const started = performance.now();
  const ended = { ...nothing(number, cell.id), outputs: collector.outputs };
  const where = `Cannot finish cell ${number} of ${basename(spec.path)}`;
  try {
    const { status, executionCount } = await kernel.execute(cell.source, budgetMs, (message) => {
      const changed = collector.accept(message);
      if (changed) spec.onProgress?.({ kind: "output", cell: number, outputs: collector.outputs });
    });
    const durationMs = performance.now() - started;
    if (status === "timeout") {
      const error = `${where}: it ran longer than its ${budgetMs / 1000} s and was interrupted -> give it more time, or measure less in it`;
      return { ...ended, status, durationMs, executionCount, error };
    }
    const failed = status !== "ok" && !isMeantToFail(cell);
    const error = failed ? `${where}: ${lastError(collector.outputs)}` : null;
    return { ...ended, status: failed ? "error" : "ok", durationMs, executionCount, error };
  } catch (death) {
    const error = `${where}: ${(death as Error).message} -> run the notebook again; if it dies again, run this cell alone`;
    return { ...ended, status: "died", durationMs: performance.now() - started, error };
  }
}

function nothing(cell: number, id: string): Ended {
  return { cell, id, status: "ok", durationMs: 0, outputs: [], error: null, executionCount: null };
}

function isMeantToFail(cell: NotebookCell): boolean {
  const tags = cell.metadata.tags;
  return Array.isArray(tags) && tags.includes(MEANT_TO_FAIL);
}

function lastError(outputs: readonly Output[]): string {
  const error = outputs.findLast((output) => output.output_type === "error");
  return error?.output_type === "error" ? `${error.ename}: ${error.evalue}` : "the kernel refused it";
}

function withOutputs(notebook: Notebook, results: readonly Ended[]): Notebook {
  const byCell = new Map(results.map((result) => [result.cell, result]));
  const cells = notebook.cells.map((cell, index): NotebookCell => {
    const result = byCell.get(index + 1);
    if (cell.cell_type !== "code" || result === undefined) return cell;
    return { ...cell, execution_count: result.executionCount, outputs: [...result.outputs] };
  });
  return { ...notebook, cells };
}
