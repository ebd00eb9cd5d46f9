// A small course of one's own, for tests.

import { join } from "node:path";
import { NOTEBOOK_METADATA, type NotebookCell, writeNotebook } from "ringside/jupyter";

/** Writes a notebook of the course; cells that begin with `# ` are text. */
export function writeCourse(folder: string, slug: string, sources: readonly string[]): void {
  const cells = sources.map((source, index): NotebookCell => {
    const id = `${slug}-${String(index + 1).padStart(2, "0")}`;
    if (source.startsWith("# ")) return { cell_type: "markdown", id, metadata: {}, source };
    return { cell_type: "code", id, metadata: {}, source, execution_count: null, outputs: [] };
  });
  writeNotebook(join(folder, `${slug}.ipynb`), { cells, metadata: NOTEBOOK_METADATA });
}
