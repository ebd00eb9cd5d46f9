// The connection between the page's server and a Jupyter that lives on is cut in the middle of a cell: sockets end, nothing else
// does. The kernel goes on with the cell, so the page must: all that was printed, in order and once, and the end that it really had.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type CoursePage, startCoursePage } from "ringside/course";
import { choosePort, type ServerAddress, startServer } from "ringside/jupyter";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { BLOCKING, COUNTING, expectWhole, FAILING, hasLine, PageClient, printed } from "./page-client.js";
import { openRelay, type Relay } from "./relay.js";
import { writeCourse } from "./write-course.js";

const ROOT = resolve(import.meta.dirname, "../..");
const SLUG = "20-small";
const CELLS = ["# Small", "const kept = 7; kept", COUNTING, BLOCKING, FAILING, "console.log(kept)"];
const [WARM, COUNT, BLOCK, FAIL, AFTER] = [0, 1, 2, 3, 4] as const;

interface OwnServer extends ServerAddress {
  stop(): Promise<void>;
}

/** The small server as `startServer` starts it where Jupyter is not installed. */
async function startSmall(folder: string): Promise<OwnServer> {
  const [port, token] = [await choosePort(), "a-token-of-the-test"];
  const args = [join(ROOT, "kernels/jupyter/small/serve.cjs"), String(port), folder, join(folder, "runtime")];
  const env = { ...process.env, JUPYTER_TOKEN: token };
  const child: ChildProcess = spawn(process.execPath, args, { env, stdio: "inherit" });
  const gone = new Promise((done) => child.once("exit", done));
  const baseUrl = `http://127.0.0.1:${port}/`;
  const headers = { Authorization: `token ${token}` };
  await expect
    .poll(
      () =>
        fetch(`${baseUrl}api/status`, { headers }).then(
          ({ ok }) => ok,
          () => false,
        ),
      { timeout: 20_000 },
    )
    .toBe(true);
  return {
    ...{ baseUrl, token },
    async stop() {
      child.kill("SIGTERM");
      await gone;
    },
  };
}

let folder: string;
let jupyter: OwnServer;
let relay: Relay;
let server: CoursePage;
let page: PageClient;

async function open(start: (folder: string) => Promise<OwnServer>): Promise<void> {
  mkdirSync(join(ROOT, ".ringside"), { recursive: true });
  folder = mkdtempSync(join(ROOT, `.ringside/dropped-${process.pid}-`));
  mkdirSync(join(folder, "images"));
  writeFileSync(join(folder, "glossary.md"), "");
  writeCourse(folder, SLUG, CELLS);
  jupyter = await start(folder);
  relay = await openRelay(Number(new URL(jupyter.baseUrl).port));
  const baseUrl = `http://127.0.0.1:${relay.port}/`;
  server = await startCoursePage({ jupyter: { baseUrl, token: jupyter.token, folder } });
  const { port, token } = server;
  page = new PageClient(port, `ringside-${port}=${token}`, SLUG);
  await page.run(WARM);
  expect((await page.over(WARM)).run.state).toBe("ok");
}

afterEach(async () => {
  await server.stop();
  await relay.close();
  await jupyter.stop();
  rmSync(folder, { recursive: true, force: true });
});

const letEnd = (): void => writeFileSync(join(folder, "mine/END"), "");

/** Ends every connection, and lets new ones through. */
function drop(): void {
  relay.cut();
  relay.mend();
}

describe.each([
  ["Jupyter", (folder: string): Promise<OwnServer> => startServer({ folder })],
  ["the small server", startSmall],
])(
  "with %s, a cell in the middle of which the connection to it is cut",
  { timeout: 120_000 },
  (_name, start) => {
    beforeEach(() => open(start));

    test("runs on, through several cuts; all its lines are there, and what waited for it finds its variables", async () => {
      await page.run(COUNT);
      await page.run(AFTER);
      for (const line of [3, 20, 21, 60]) {
        await page.see(COUNT, `line ${line}`, (cell) => hasLine(cell, line));
        drop();
      }
      const { run } = await page.see(COUNT, "line 90", (cell) => hasLine(cell, 90));
      expect(run.state).toBe("running");
      letEnd();
      const cell = await page.over(COUNT);
      expect(cell.run).toMatchObject({ state: "ok", count: 2 });
      expectWhole(cell);
      const after = await page.over(AFTER);
      expect(after.run).toMatchObject({ state: "ok", count: 3 });
      expect(printed(after)).toEqual(["7"]);
      expect((await page.notebook()).kernel).toEqual({ state: "idle", message: "" });
    });

    test("and stays cut while the cell ends, has all its lines and its error", async () => {
      await page.run(FAIL);
      await page.see(FAIL, "line 3", (cell) => hasLine(cell, 3));
      relay.cut();
      await expect
        .poll(async () => (await page.notebook()).kernel.message)
        .toContain("connection to the kernel was lost");
      letEnd();
      await new Promise((done) => setTimeout(done, 300));
      relay.mend();
      const { run, outputs } = await page.over(FAIL);
      expect(run).toMatchObject({ state: "error", count: 2 });
      expect(outputs.at(-1)).toMatchObject({ kind: "error", name: "Error" });
      expectWhole({ outputs: outputs.slice(0, -1) });
    });

    test("and that lets nobody have a turn, has all its lines", async () => {
      await page.run(BLOCK);
      await page.see(BLOCK, "line 3", (cell) => hasLine(cell, 3));
      drop();
      const cell = await page.over(BLOCK);
      expect(cell.run.state).toBe("ok");
      expectWhole(cell);
    });

    test("at any moment, from before it has begun on, is whole and has run once", async () => {
      let ran = 1;
      for (const afterMs of [0, 1, 2, 4, 8, 16, 50]) {
        rmSync(join(folder, "mine/END"), { force: true });
        await page.run(COUNT);
        await new Promise((done) => setTimeout(done, afterMs));
        drop();
        letEnd();
        const cell = await page.over(COUNT);
        expect(cell.run).toMatchObject({ state: "ok", count: ++ran });
        expectWhole(cell);
      }
    });

    test("and whose request was lost with the connection, is sent again and runs once", async () => {
      letEnd();
      relay.hold();
      await page.run(COUNT);
      await page.see(COUNT, "its beginning", ({ run }) => run.state === "running");
      await new Promise((done) => setTimeout(done, 100));
      drop();
      const cell = await page.over(COUNT);
      expect(cell.run).toMatchObject({ state: "ok", count: 2 });
      expectWhole(cell);
      await page.run(AFTER);
      expect((await page.over(AFTER)).run).toMatchObject({ state: "ok", count: 3 });
    });

    test("and whose kernel dies meanwhile is said to be lost, and the page says that variables are gone", async () => {
      await page.run(COUNT);
      await page.see(COUNT, "line 3", (cell) => hasLine(cell, 3));
      relay.cut();
      await jupyter.stop();
      const cell = await page.over(COUNT);
      expect(cell.run.state).toBe("lost");
      expect(hasLine(cell, 3)).toBe(true);
      await expect.poll(async () => (await page.notebook()).kernel.state).toBe("dead");
    });
  },
);
