// The lab's keeper is killed in the middle of a cell and started again: what the cell printed before, meanwhile and after is on
// the page, in order and once, and the cell ends as it really ended; or it is said to be cut short. Never a gap that looks whole.
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { join } from "node:path";
import type { CellView, NotebookView } from "ringside/course";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { writeCourse } from "../course/write-course.js";
import { isGone, OwnLab, until } from "./own-lab.js";

const SLUG = "20-small";
const DEADLINE_MS = 40_000;

/** Prints a line each 20 ms until a file is there, and then how many they were. */
const COUNTING = `import { existsSync } from "node:fs";
let lines = 0;
while (!existsSync("END")) {
  console.log("line " + lines++);
  await new Promise((done) => setTimeout(done, 20));
}
console.log("total " + lines);`;

/** The same without letting anything else in the kernel have its turn, for two seconds. */
const BLOCKING = `let lines = 0;
for (const until = performance.now() + 2000; performance.now() < until; ) {
  console.log("line " + lines++);
  for (const next = performance.now() + 20; performance.now() < next; );
}
console.log("total " + lines);`;

const FAILING = `${COUNTING}\nthrow new Error("as it really ended");`;

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
}

async function kill(): Promise<void> {
  const { pid } = running.keeper;
  process.kill(pid, "SIGKILL");
  await until(() => isGone(pid), "the keeper ends");
}

/** A request on a connection of its own: a killed server leaves dead ones behind. */
function ask<T>(method: "GET" | "POST", path: string, body?: object): Promise<T> {
  const { port, token } = running.page;
  const headers = {
    ...{ Cookie: `ringside-${port}=${token}`, Origin: `http://127.0.0.1:${port}` },
    "Content-Type": "application/json",
  };
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port, method, path, headers, agent: false };
    const asking = httpRequest(options, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (piece: string) => {
        text += piece;
      });
      answer.once("error", reject);
      answer.once("end", () => (answer.statusCode === 200 ? resolve(JSON.parse(text)) : reject(text)));
    });
    asking.once("error", reject);
    asking.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

async function cellAt(place: number): Promise<CellView> {
  const { cells } = await ask<NotebookView>("GET", `/api/notebook/${SLUG}`);
  return cells.filter(({ kind }) => kind === "code")[place]!;
}

async function run(place: number): Promise<void> {
  await ask("POST", `/api/run/${SLUG}`, { cell: (await cellAt(place)).id });
}

/** Waits until a cell is as wanted. */
async function see(place: number, what: string, wanted: (cell: CellView) => boolean): Promise<CellView> {
  const deadline = performance.now() + DEADLINE_MS;
  for (;;) {
    const cell = await cellAt(place);
    if (wanted(cell)) return cell;
    if (performance.now() > deadline) throw new Error(`Waited in vain for ${what}: ${JSON.stringify(cell)}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}

const printed = ({ outputs }: CellView): string[] =>
  outputs
    .map((output) => (output.kind === "text" ? output.text : ""))
    .join("")
    .split("\n")
    .filter((line) => line !== "");

const hasLine = (cell: CellView, number: number): boolean => printed(cell).includes(`line ${number}`);
const isOver = ({ run }: CellView): boolean => run.state !== "running" && run.state !== "queued";
const over = (place: number): Promise<CellView> => see(place, "its end", isOver);

function expectWhole(cell: CellView): void {
  const lines = printed(cell);
  const count = lines.length - 1;
  expect(lines).toEqual([...Array.from({ length: count }, (_, n) => `line ${n}`), `total ${count}`]);
}

const endFile = (): string => join(lab.folder, "notebooks/mine/END");
const letEnd = (): void => writeFileSync(endFile(), "");

/** The lab runs and its kernel has run a cell. */
async function begin(): Promise<void> {
  start();
  await run(WARM);
  expect((await over(WARM)).run.state).toBe("ok");
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
    await run(COUNT);
    await run(AFTER);
    await see(COUNT, "line 10", (cell) => hasLine(cell, 10));
    await kill();
    start();
    expect(running.server).toEqual(server);
    const between = await see(COUNT, "a later line", (cell) => hasLine(cell, 40));
    expect(between.run.state).toBe("running");
    expect((await cellAt(AFTER)).run.state).toBe("queued");
    await kill();
    start();
    await see(
      COUNT,
      "a line after the second kill",
      (cell) => printed(cell).length > printed(between).length,
    );
    letEnd();
    const cell = await over(COUNT);
    expect(cell.run).toMatchObject({ state: "ok", count: 2 });
    expect(cell.run.ms).toBeGreaterThan(40 * 20);
    expectWhole(cell);
    expect((await over(AFTER)).run).toMatchObject({ state: "ok", count: 3 });
  });

  test("and that ends while nobody listens, has all its lines and its error", async () => {
    await begin();
    await run(FAIL);
    await see(FAIL, "line 3", (cell) => hasLine(cell, 3));
    await kill();
    letEnd();
    start();
    const { run: end, outputs } = await over(FAIL);
    expect(end.state).toBe("error");
    expect(outputs.at(-1)).toMatchObject({ kind: "error", name: "Error" });
    const lines = outputs.slice(0, -1);
    expectWhole({ ...(await cellAt(FAIL)), outputs: lines });
  });

  test("and that lets nobody have a turn, has all its lines", async () => {
    await begin();
    await run(BLOCK);
    await see(BLOCK, "running", ({ run: { state } }) => state === "running");
    await kill();
    start();
    const cell = await over(BLOCK);
    expect(cell.run.state).toBe("ok");
    expectWhole(cell);
  });

  test("at any moment, from before it has begun on, is whole, or said to be lost where the kernel never heard of it", async () => {
    await begin();
    let ran = 1;
    for (const afterMs of [0, 3, 10, 50]) {
      rmSync(endFile(), { force: true });
      const asked = run(COUNT).catch(() => {});
      await new Promise((done) => setTimeout(done, afterMs));
      await kill();
      await asked;
      start();
      letEnd();
      const cell = await over(COUNT);
      if (cell.run.state === "ok") {
        ran++;
        expectWhole(cell);
      } else expect(["idle", "lost"]).toContain(cell.run.state);
      await run(WARM);
      expect((await over(WARM)).run.count).toBe(++ran);
    }
  });
});
