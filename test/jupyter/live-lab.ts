// One Jupyter server for the live tests of a file, on a folder of its own inside the project, where `ringside` resolves.

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  type JupyterServer,
  NOTEBOOK_METADATA,
  type NotebookCell,
  startServer,
  writeNotebook,
} from "ringside/jupyter";

const PARENT = resolve(import.meta.dirname, "../../.ringside");

export interface LiveLab {
  readonly server: JupyterServer;
  readonly folder: string;
  /** Writes a notebook of code cells and gives its path. */
  notebook(name: string, cells: readonly (string | { code: string; tags: string[] })[]): string;
  close(): Promise<void>;
}

export async function openLiveLab(): Promise<LiveLab> {
  mkdirSync(PARENT, { recursive: true });
  const folder = mkdtempSync(join(PARENT, `test-${process.pid}-`));
  const server = await startServer({ folder });
  return {
    server,
    folder,
    notebook(name, cells) {
      const path = join(folder, name);

      writeNotebook(path, { metadata: NOTEBOOK_METADATA, cells: cells.map(codeCell) });
      return path;
    },
    async close() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function codeCell(cell: string | { code: string; tags: string[] }, index: number): NotebookCell {
  const [source, metadata] = typeof cell === "string" ? [cell, {}] : [cell.code, { tags: cell.tags }];
  return { cell_type: "code", id: `cell-${index + 1}`, metadata, source, execution_count: null, outputs: [] };
}
