// From a notebook's source to the `.ipynb` that a reader opens: without outputs, and the same bytes each time.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { exerciseOf, headline, nbgraderMetadata } from "./exercise-cell.js";
import { formatNotebook, NOTEBOOK_METADATA, type Notebook, type NotebookCell } from "./notebook.js";
import { parsePercent, type SourceCell } from "./percent.js";
import { buildExercise, type Variant } from "./solution.js";

/**
 * Builds one notebook.
 *
 * @param slug the source's file name without `.ts`, e.g. `33-af-xdp`; names its cells
 * @param cells the source, parsed
 * @throws SyntaxError where two cells have the same id, or an exercise's markers do not pair
 */
export function buildNotebook(slug: string, cells: readonly SourceCell[], variant: Variant): Notebook {
  const seen = new Set<string>();
  const built = cells.map((cell, index) => {
    const id = cell.id ?? `${slug}-${String(index + 1).padStart(2, "0")}`;
    if (seen.has(id)) {
      throw new SyntaxError(
        `Cannot build ${slug}: cell ${index + 1} has the id "${id}" of an earlier cell -> give it another`,
      );
    }
    seen.add(id);
    return buildCell(id, cell, variant);
  });
  return { cells: built, metadata: NOTEBOOK_METADATA };
}

function buildCell(id: string, cell: SourceCell, variant: Variant): NotebookCell {
  const metadata = cell.metadata;
  if (cell.kind === "markdown") return { cell_type: "markdown", id, metadata, source: cell.text };
  const lines = buildExercise(cell.text, variant).map(({ text }) => text);
  const exercise = exerciseOf(cell.text);
  if (exercise !== null && variant === "learner") lines.unshift(headline(exercise));
  const source = lines.join("\n");
  const graded = exercise === null ? metadata : { ...metadata, nbgrader: nbgraderMetadata(exercise) };
  return { cell_type: "code", id, metadata: graded, source, execution_count: null, outputs: [] };
}

/** A built notebook file. */
export interface BuiltFile {
  readonly path: string;
  readonly text: string;
}

/**
 * Builds every `NN-slug.ts` of a folder, in memory.
 *
 * @param from folder of the sources
 * @param to folder that the notebooks are for
 * @throws SyntaxError where a source cannot be read
 */
export function buildAll(from: string, to: string, variant: Variant): BuiltFile[] {
  return notebookSources(from).map((path) => {
    const slug = basename(path, ".ts");
    const cells = parsePercent(basename(path), readFileSync(path, "utf8"));
    return { path: join(to, `${slug}.ipynb`), text: formatNotebook(buildNotebook(slug, cells, variant)) };
  });
}

/** Writes what `buildAll` built. */
export function writeBuilt(files: readonly BuiltFile[]): void {
  for (const { path, text } of files) {
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, text);
  }
}

/** @returns the paths of a folder's notebook sources, `NN-slug.ts`, in reading order */
export function notebookSources(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => /^\d\d-[a-z0-9-]+\.ts$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}
