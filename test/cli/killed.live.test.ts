// The lab's keeper is killed in the middle of a cell and started again: what the cell printed before, meanwhile and after is on
// the page, in order and once, and the cell ends as it really ended; or it is said to be cut short. Never a gap that looks whole.
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  BLOCKING,
  COUNTING,
  expectWhole,
  FAILING,
  hasLine,
  PageClient,
  printed,
} from "../course/page-client.js";
import { writeCourse } from "../course/write-course.js";
import { isGone, OwnLab, until } from "./own-lab.js";

const SLUG = "20-small";

const CELLS = ["# Small", "1 + 1", COUNTING, BLOCKING, FAILING, "'after'"];
const [WARM, COUNT, BLOCK, FAIL, AFTER] = [0, 1, 2, 3, 4] as const;

/** Where Jupyter is, a file that cannot be run. */
const WITHOUT_JUPYTER = 'mount --bind /dev/null /usr/bin/jupyter-notebook && exec "$0" "$@"';

interface Started {
  readonly keeper: { readonly pid: number };
  readonly server: { readonly pid: number };
  readonly page: { readonly port: number; readonly token: string };
  readonly notebooks: string | null;
}

let lab: OwnLab;
let hidden: boolean;
let running: Started;
let page: PageClient;
beforeEach(() => {
  lab = new OwnLab();
  const notebooks = join(lab.folder, "notebooks");
  for (const name of ["src", "images"]) mkdirSync(join(notebooks, name));
  writeFileSync(join(notebooks, "glossary.md"), "");
  writeCourse(notebooks, SLUG, CELLS);
});
afterEach(() => lab.remove());

function start(): void {
  const main = [process.execPath, join(lab.folder, "lab/dist/cli/main.js"), "start", "--json"];
  const line = hidden ? ["unshare", "--mount", "sh", "-c", WITHOUT_JUPYTER, ...main] : main;
  const options = { cwd: lab.folder, encoding: "utf8", timeout: 60_000 } as const;
  const { status, stdout, stderr } = spawnSync(line[0]!, line.slice(1), options);
  expect(status, stderr).toBe(0);
  running = JSON.parse(stdout);
  expect(running.notebooks === null).toBe(hidden);
  const { port, token } = running.page;
  page = new PageClient(port, `ringside-${port}=${token}`, SLUG);
}

async function kill(): Promise<void> {
  const { pid } = running.keeper;
  process.kill(pid, "SIGKILL");
  await until(() => isGone(pid), "the keeper ends");
}

const endFile = (): string => join(lab.folder, "notebooks/mine/END");
const letEnd = (): void => writeFileSync(endFile(), "");

/** The lab runs and its kernel has run a cell. */
async function begin(): Promise<void> {
  start();
  await page.run(WARM);
  expect((await page.over(WARM)).run.state).toBe("ok");
}

describe.each([
  ["Jupyter", false],
  ["the small server", true],
])("with %s, a cell in the middle of which the keeper is killed", { timeout: 120_000 }, (_name, isHidden) => {
  beforeEach(() => {
    hidden = isHidden;
  });

  test("runs on, through a second kill too; all its lines are there, and what waited for it runs", async () => {
    await begin();
    const { server } = running;
    await page.run(COUNT);
    await page.run(AFTER);
    await page.see(COUNT, "line 10", (cell) => hasLine(cell, 10));
    await kill();
    start();
    expect(running.server).toEqual(server);
    const between = await page.see(COUNT, "a later line", (cell) => hasLine(cell, 40));
    expect(between.run.state).toBe("running");
    expect((await page.cellAt(AFTER)).run.state).toBe("queued");
    await kill();
    start();
    await page.see(
      COUNT,
      "a line after the second kill",
      (cell) => printed(cell).length > printed(between).length,
    );
    letEnd();
    const cell = await page.over(COUNT);
    expect(cell.run).toMatchObject({ state: "ok", count: 2 });
    expect(cell.run.ms).toBeGreaterThan(40 * 20);
    expectWhole(cell);
    expect((await page.over(AFTER)).run).toMatchObject({ state: "ok", count: 3 });
  });

  test("and that ends while nobody listens, has all its lines and its error", async () => {
    await begin();
    await page.run(FAIL);
    await page.see(FAIL, "line 3", (cell) => hasLine(cell, 3));
    await kill();
    letEnd();
    start();
    const { run: end, outputs } = await page.over(FAIL);
    expect(end.state).toBe("error");
    expect(outputs.at(-1)).toMatchObject({ kind: "error", name: "Error" });
    const lines = outputs.slice(0, -1);
    expectWhole({ outputs: lines });
  });

  test("and that lets nobody have a turn, has all its lines", async () => {
    await begin();
    await page.run(BLOCK);
    await page.see(BLOCK, "running", ({ run: { state } }) => state === "running");
    await kill();
    start();
    const cell = await page.over(BLOCK);
    expect(cell.run.state).toBe("ok");
    expectWhole(cell);
  });

  test("at any moment, from before it has begun on, is whole, or said to be lost where the kernel never heard of it", async () => {
    await begin();
    let ran = 1;
    for (const afterMs of [0, 3, 10, 50]) {
      rmSync(endFile(), { force: true });
      const asked = page.run(COUNT).catch(() => {});
      await new Promise((done) => setTimeout(done, afterMs));
      await kill();
      await asked;
      start();
      letEnd();
      const cell = await page.over(COUNT);
      if (cell.run.state === "ok") {
        ran++;
        expectWhole(cell);
      } else expect(["idle", "lost"]).toContain(cell.run.state);
      await page.run(WARM);
      expect((await page.over(WARM)).run.count).toBe(++ran);
    }
  });
});
