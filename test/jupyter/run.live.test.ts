import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import {
  type CellResult,
  type Progress,
  parseNotebook,
  renderNotebookHtml,
  runNotebook,
  startKernel,
  startServer,
  writeNotebook,
} from "ringside/jupyter";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LiveLab, openLiveLab } from "./live-lab.js";

let lab: LiveLab;

beforeAll(async () => {
  lab = await openLiveLab();
});
afterAll(async () => {
  await lab?.close();
});

function printed(cell: CellResult | undefined): string {
  return (cell?.outputs ?? []).map((output) => (output.output_type === "stream" ? output.text : "")).join("");
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1]!;
}

describe("running a notebook", () => {
  test("gives each cell's status, time and outputs, and tells of each step", async () => {
    const path = lab.notebook("good.ipynb", ['console.log("a");\nconst v = 20;', "", "v + 1"]);
    const steps: Progress[] = [];
    const run = await runNotebook(lab.server, { path, onProgress: (step) => steps.push(step) });
    expect(run).toMatchObject({ ok: true, error: null, path });
    expect(run.cells.map(({ cell, status }) => [cell, status])).toEqual([
      [1, "ok"],
      [3, "ok"],
    ]);
    expect(printed(run.cells[0])).toBe("a\n");
    expect(run.cells[1]?.outputs).toMatchObject([
      { output_type: "execute_result", data: { "text/plain": "21" } },
    ]);
    expect(steps.map(({ kind, cell }) => `${kind} ${cell}`)).toEqual([
      "cell-started 1",
      "output 1",
      "cell-ended 1",
      "cell-started 3",
      "output 3",
      "cell-ended 3",
    ]);
  });

  test("keeps the outputs in the executed notebook and in the page made of it", async () => {
    const path = lab.notebook("kept.ipynb", ['console.log("kept text");', "6 * 7"]);
    const { executed } = await runNotebook(lab.server, { path });
    writeNotebook(path, executed);
    const saved = parseNotebook(path, readFileSync(path, "utf8"));
    expect(saved.cells[1]).toMatchObject({ execution_count: 2, outputs: [{ data: { "text/plain": "42" } }] });
    expect(renderNotebookHtml("kept", saved)).toContain("kept text");
  });

  test("stops at a failing cell, skips the rest, and says which and why", async () => {
    const path = lab.notebook("bad.ipynb", ["1", "throw new RangeError('frame of 9');", "2"]);
    const run = await runNotebook(lab.server, { path });
    expect(run.cells.map(({ status }) => status)).toEqual(["ok", "error", "skipped"]);
    expect(run.error).toBe("Cannot finish cell 2 of bad.ipynb: RangeError: frame of 9");
    const all = await runNotebook(lab.server, { path, keepGoing: true });
    expect(all.cells.map(({ status }) => status)).toEqual(["ok", "error", "ok"]);
  });

  test("goes on after a cell that is meant to fail", async () => {
    const path = lab.notebook("meant.ipynb", [
      { code: "throw new Error('x')", tags: ["raises-exception"] },
      "1",
    ]);
    const run = await runNotebook(lab.server, { path });
    expect(run.cells.map(({ status }) => status)).toEqual(["ok", "ok"]);
  });

  test("interrupts a cell that takes longer than its time", async () => {
    const path = lab.notebook("slow.ipynb", ["await new Promise(() => {});", "1"]);
    const run = await runNotebook(lab.server, { path, cellBudgetMs: 500 });
    expect(run.cells.map(({ status }) => status)).toEqual(["timeout", "skipped"]);
    expect(run.error).toContain(
      "Cannot finish cell 1 of slow.ipynb: it ran longer than its 0.5 s and was interrupted",
    );
    expect(run.cells[0]?.durationMs).toBeLessThan(2000);
  });

  test("says when the kernel dies, without waiting for the cell's time to end", async () => {
    const path = lab.notebook("dead.ipynb", [
      'process.kill(process.pid, "SIGKILL");\nawait new Promise(() => {});',
      "1",
    ]);
    const run = await runNotebook(lab.server, { path, keepGoing: true });
    expect(run.cells.map(({ status }) => status)).toEqual(["died", "skipped"]);
    expect(run.error).toContain("Cannot finish cell 1 of dead.ipynb: the kernel died -> ");
    expect(run.durationMs).toBeLessThan(15_000);
    const headers = { Authorization: `token ${lab.server.token}` };
    expect(await (await fetch(`${lab.server.baseUrl}api/kernels`, { headers })).json()).toEqual([]);
  });

  test("says when the server dies", async () => {
    const other = await openLiveLab();
    const path = other.notebook("lost.ipynb", ["console.log('on');\nawait new Promise(() => {});"]);
    const run = await runNotebook(other.server, {
      path,
      onProgress: ({ kind }) => {
        if (kind === "output") process.kill(other.server.pid, "SIGKILL");
      },
    });
    await other.close();
    expect(run.error).toContain(
      "Cannot finish cell 1 of lost.ipynb: the connection to the Jupyter server was lost ->",
    );
  });

  test("refuses a notebook that is absent", async () => {
    await expect(runNotebook(lab.server, { path: `${lab.folder}/none.ipynb` })).rejects.toThrow(
      "none.ipynb: there is no such file ->",
    );
  });
});

describe("a cell", () => {
  test("imports ringside in under 200 ms, with types", async () => {
    const path = lab.notebook("import.ipynb", [
      'const began = performance.now();\nimport { wireTimeNs } from "ringside";\nconsole.log(performance.now() - began);',
      "wireTimeNs(1518, 10)",
      'wireTimeNs("1518", 10)',
    ]);
    const { cells } = await runNotebook(lab.server, { path, keepGoing: true });
    const importMs = Number(printed(cells[0]));
    console.log(
      `import of ringside in a cell: ${importMs.toFixed(0)} ms; its cell: ${cells[0]?.durationMs.toFixed(0)} ms`,
    );
    expect(importMs).toBeGreaterThan(0);
    expect(importMs).toBeLessThan(2000);
    expect(cells[1]?.outputs).toMatchObject([{ data: { "text/plain": "1230.4" } }]);
    expect(cells[2]?.error).toContain(
      "Argument of type 'string' is not assignable to parameter of type 'number'",
    );
  });

  test("shows a figure and a live display through ringside", async () => {
    const path = lab.notebook("display.ipynb", [
      `import { display, liveDisplay } from "ringside";
const figure = (text: string) => ({ [Symbol.for("Jupyter.display")]: () => ({ "text/plain": text, "image/svg+xml": "<svg/>" }) });
display(figure("once"));`,
      `const live = liveDisplay();
for (let i = 0; i < 50; i++) { live.update(figure("live " + i)); await new Promise((r) => setTimeout(r, 5)); }
live.finish();`,
    ]);
    const { cells, error } = await runNotebook(lab.server, { path });
    expect(error).toBeNull();
    const both = { "text/plain": "once", "image/svg+xml": "<svg/>" };
    expect(cells[0]?.outputs).toMatchObject([{ output_type: "display_data", data: both }]);
    expect(cells[1]?.outputs).toMatchObject([{ data: { "text/plain": "live 49" } }]);
  });

  test("sees the stop button through ringside", async () => {
    const kernel = await startKernel(lab.server, "stop.ipynb");
    await kernel.execute('import { interruptSignal } from "ringside";', 60_000, () => {});
    const said: string[] = [];
    const stopped = await kernel.execute(
      "await new Promise((_, reject) => interruptSignal().addEventListener('abort', () => reject(new Error('at pair 3'))));",
      500,
      ({ type, content }) => {
        if (type === "error") said.push(content.evalue);
      },
    );
    await kernel.close();
    expect(stopped.status).toBe("timeout");
    expect(said).toEqual([expect.stringContaining("was stopped (at pair 3)")]);
  });

  test("goes to the kernel and back in a few milliseconds", async () => {
    const kernel = await startKernel(lab.server, "round-trip.ipynb");
    const times: number[] = [];
    for (let i = 0; i < 60; i++) {
      const began = performance.now();
      await kernel.execute("1", 5000, () => {});
      times.push(performance.now() - began);
    }
    await kernel.close();
    const typical = median(times.slice(10));
    console.log(
      `trivial cell through the server: median ${typical.toFixed(1)} ms (44 ms without TCP_NODELAY)`,
    );
    expect(typical).toBeLessThan(40);
  });
});

describe("a server", () => {
  test("refuses a port that is taken, and a port that does not exist", async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, "127.0.0.1", resolve));
    const { port } = holder.address() as { port: number };
    await expect(startServer({ folder: lab.folder, port })).rejects.toThrow(
      `Cannot listen on 127.0.0.1:${port}: EADDRINUSE; another program listens there ->`,
    );
    holder.close();
  });

  test("answers only who has its token", async () => {
    expect((await fetch(`${lab.server.baseUrl}api/kernels`)).status).toBe(403);
    expect((await fetch(lab.server.url!)).status).toBe(200);
  });

  test("offers our kernel and no other", async () => {
    const headers = { Authorization: `token ${lab.server.token}` };
    const specs = await (await fetch(`${lab.server.baseUrl}api/kernelspecs`, { headers })).json();
    expect(Object.keys((specs as { kernelspecs: object }).kernelspecs)).toEqual(["ringside"]);
  });

  test("leaves no process and no folder when it stops", async () => {
    const other = await openLiveLab();
    const kernel = await startKernel(other.server, "left.ipynb");
    let kernelPid = 0;
    await kernel.execute("process.pid", 5000, ({ type, content }) => {
      if (type === "execute_result") kernelPid = Number(content.data["text/plain"]);
    });
    expect(existsSync(`/proc/${kernelPid}`)).toBe(true);
    await other.close();
    expect(existsSync(`/proc/${kernelPid}`)).toBe(false);
    expect(existsSync(`/proc/${other.server.pid}`)).toBe(false);
    const ours = readdirSync(tmpdir()).filter((name) => name.startsWith(`ringside-jupyter-${process.pid}-`));
    expect(ours).toHaveLength(1); // this file's own server
    await kernel.close();
  });
});
