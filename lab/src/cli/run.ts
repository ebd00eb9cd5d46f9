import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { NotebookRun } from "../jupyter/index.js";
import { runFile, runSummary } from "./notebook-runs.js";
import { findNotebook, notebookSlugs } from "./notebooks.js";
import { NOTEBOOKS, STATE_FOLDER } from "./place.js";
import { targetFolder, writeTarget } from "./target.js";
import { JSON_OPTION, type Request, UsageError, type Verb } from "./verb.js";

export const run: Verb = {
  name: "run",
  summary: "run notebooks from top to bottom, without a browser",
  operands: "<notebook...>",
  options: {
    all: { type: "boolean", help: "run every notebook, in reading order" },
    solutions: { type: "boolean", help: "fill the exercises with their solutions" },
    save: { type: "string", placeholder: "folder", help: "write what came out there, as .ipynb and .html" },
    json: JSON_OPTION,
  },
  details: `A notebook is named by its number (20), its name, part of it (af-xdp), or the path of an .ipynb file. It runs on a Jupyter
server of its own, as "Run all" would in a browser; the file itself is not changed. Leaves with 1 where a cell fails.

  npx ringside run 20 33 --save /tmp/ringside`,
  run: runNotebooks,
};

async function runNotebooks(request: Request): Promise<number> {
  if (request.operands.length === 0 && !request.flag("all")) {
    throw new UsageError(
      "Cannot run: no notebook is named -> npx ringside run 00, or npx ringside run --all",
    );
  }
  const { PROGRESS_VARIABLE } = await import("../progress/index.js");
  // A run from top to bottom is no learner's: what it checks and guesses is not kept.
  process.env[PROGRESS_VARIABLE] = "off";
  const names = request.flag("all") ? notebookSlugs() : request.operands;
  const paths = names.map(findNotebook);
  if (request.flag("solutions")) paths.forEach(refuseForeign);
  const save = request.value("save");
  const folder = save === undefined ? null : targetFolder("--save", save);
  const work = request.flag("solutions") ? await buildSolutions() : null;
  try {
    const runs: NotebookRun[] = [];
    for (const path of paths) {
      const file = work === null ? path : join(work, basename(path));
      const result = await runFile(file);
      if (folder !== null) await saveRun(folder, result);
      if (!request.flag("json")) console.log(runSummary(result));
      runs.push(result);
    }
    if (request.flag("json")) console.log(JSON.stringify(runs.map(plain), null, 2));
    return runs.every(({ ok }) => ok) ? 0 : 1;
  } finally {
    if (work !== null) rmSync(work, { recursive: true, force: true });
  }
}

/** Solutions stand in the course's text: another file of a notebook's name is not the course's notebook. */
function refuseForeign(path: string): void {
  if (realpathSync(dirname(path)) === realpathSync(NOTEBOOKS)) return;
  throw new UsageError(
    `Cannot run ${path} with solutions: only the course's own notebooks have them -> leave --solutions away, or name one of ${notebookSlugs().join(", ")}`,
  );
}

/** A folder inside the clone, where `ringside` resolves, with every notebook as the instructor has it. */
async function buildSolutions(): Promise<string> {
  const { buildAll, writeBuilt } = await import("../jupyter/index.js");
  mkdirSync(STATE_FOLDER, { recursive: true, mode: 0o700 });
  const folder = mkdtempSync(`${STATE_FOLDER}/solutions-${process.pid}-`);
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  writeBuilt(buildAll(`${NOTEBOOKS}/src`, folder, "instructor"));
  return folder;
}

async function saveRun(folder: string, result: NotebookRun): Promise<void> {
  const { formatNotebook, renderNotebookHtml } = await import("../jupyter/index.js");
  const name = basename(result.path, ".ipynb");
  writeTarget(join(folder, `${name}.ipynb`), formatNotebook(result.executed));
  writeTarget(join(folder, `${name}.html`), renderNotebookHtml(name, result.executed));
}

/** A run as a script wants it: without the outputs, which --save writes. */
function plain({ path, ok, durationMs, error, cells }: NotebookRun): object {
  return { path, ok, durationMs, error, cells: cells.map(({ outputs: _, ...cell }) => cell) };
}
