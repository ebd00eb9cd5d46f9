// Notebooks of the course need our launcher for nothing: where none of stock tslab's bugs bites, they run on it, too.

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { NOTEBOOK_METADATA, readNotebook, writeNotebook } from "ringside/jupyter";
import { afterAll, expect, test } from "vitest";

const ROOT = resolve(import.meta.dirname, "../..");
mkdirSync(join(ROOT, ".ringside"), { recursive: true });
const folder = mkdtempSync(join(ROOT, ".ringside", `test-${process.pid}-`));

/** Runs a notebook in place, as Jupyter's own tools do. */
const EXECUTE = `
import sys, nbformat, nbclient
notebook = nbformat.read(sys.argv[1], 4)
nbclient.NotebookClient(notebook, timeout=30).execute()
nbformat.write(notebook, sys.argv[1])
`;

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A kernelspec under our kernel's name that starts tslab as it comes. */
function installStock(): string {
  const spec = join(folder, "jupyter", "kernels", "ringside");
  mkdirSync(spec, { recursive: true });
  const tslab = resolve(ROOT, "node_modules/tslab/bin/tslab");
  const argv = [process.execPath, tslab, "kernel", "--config-path", "{connection_file}"];
  writeFileSync(
    join(spec, "kernel.json"),
    JSON.stringify({ argv, display_name: "stock", language: "typescript" }),
  );
  return join(folder, "jupyter");
}

test("a cell imports ringside, shows a figure and a live display, and has a stop signal", () => {
  const path = join(folder, "stock.ipynb");
  const cells = [
    `import { display, interruptSignal, liveDisplay, wireTimeNs } from "ringside";
const figure = (text: string) => ({ [Symbol.for("Jupyter.display")]: () => ({ "text/plain": text, "image/svg+xml": "<svg/>" }) });
display(figure(String(wireTimeNs(1518, 10))));`,
    `const live = liveDisplay();
for (let i = 0; i < 3; i++) live.update(figure("live " + i));
live.finish();`,
    "console.log(interruptSignal().aborted);",
  ];
  writeNotebook(path, {
    metadata: NOTEBOOK_METADATA,
    cells: cells.map((source, index) => ({
      cell_type: "code",
      id: `cell-${index}`,
      metadata: {},
      source,
      execution_count: null,
      outputs: [],
    })),
  });
  const { stderr, status } = spawnSync("/usr/bin/python3", ["-c", EXECUTE, path], {
    cwd: folder,
    env: { ...process.env, JUPYTER_PATH: installStock() },
    encoding: "utf8",
  });
  expect(status, stderr).toBe(0);
  const outputs = readNotebook(path).cells.map((cell) => (cell.cell_type === "code" ? cell.outputs : []));
  expect(outputs).toMatchObject([
    [{ data: { "text/plain": ["1230.4"], "image/svg+xml": ["<svg/>"] } }],
    [{ data: { "text/plain": ["live 2"] } }],
    [{ text: "false\n" }],
  ]);
});
