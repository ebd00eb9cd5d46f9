// Notebooks run from top to bottom by a verb: each on a Jupyter server of its own, as "Run all" would in a browser.
import { basename, dirname } from "node:path";
import type { JupyterServer, NotebookRun, Progress } from "../jupyter/index.js";

/** Runs one notebook file; on a terminal it says which cell it is at. */
export function runFile(path: string): Promise<NotebookRun> {
  return withServer(dirname(path), (server) => runOne(server, path));
}

async function withServer<T>(folder: string, use: (server: JupyterServer) => Promise<T>): Promise<T> {
  const { startServer } = await import("../jupyter/index.js");
  const server = await startServer({ folder });
  try {
    return await use(server);
  } finally {
    await server.stop();
  }
}

async function runOne(server: JupyterServer, path: string): Promise<NotebookRun> {
  const { runNotebook } = await import("../jupyter/index.js");
  const shows = process.stderr.isTTY;
  const onProgress = (progress: Progress): void => {
    if (progress.kind !== "cell-started") return;
    process.stderr.write(`\r\x1b[K${basename(path, ".ipynb")}: cell ${progress.cell} of ${progress.of}`);
  };
  try {
    return await runNotebook(server, shows ? { path, onProgress } : { path });
  } finally {
    if (shows) process.stderr.write("\r\x1b[K");
  }
}

/** Says in a line how a run ended. */
export function runSummary({ path, ok, durationMs, cells, error }: NotebookRun): string {
  const name = basename(path, ".ipynb");
  const seconds = (durationMs / 1000).toFixed(1);
  return ok
    ? `${name}: ${cells.length} cells in ${seconds} s`
    : `${name}: failed after ${seconds} s\n  ${error}`;
}
