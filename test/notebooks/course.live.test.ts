// Every notebook, from top to bottom, through a real Jupyter server as a learner gets it, whose starters must fail with a hint; then
// the solutions, which must pass. They are played behind it, in the same kernel, with all that they change (`solved.ts`).
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  buildAll,
  type CellResult,
  type JupyterServer,
  type Notebook,
  type NotebookRun,
  type Output,
  readNotebook,
  runNotebook,
  startServer,
  writeBuilt,
  writeNotebook,
} from "ringside/jupyter";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Traces, traces } from "../leftovers.js";
import { isPlayedAgain, solvedBehind } from "./solved.js";

const ROOT = resolve(import.meta.dirname, "../..");
const SOURCES = join(ROOT, "notebooks/src");
const SLUGS = readdirSync(SOURCES).map((file) => file.replace(/\.ts$/, ""));
const MOST_SECONDS = 60;
/** Cells behind the exercise run the answer on the notebook's wire, which the last cell closes: with solutions all of it runs anew. */
const ON_THE_OPEN_WIRE = new Set(["32-packet-mmap", "33-af-xdp"]);
const VERDICT = /^(\d\d-[a-z0-9-]+\/[a-z0-9-]+): (passed|\d+ of \d+ steps)/m;

let folder: string;
let server: JupyterServer;
let before: Traces;

beforeAll(async () => {
  before = traces();
  mkdirSync(join(ROOT, ".ringside"), { recursive: true });
  folder = mkdtempSync(join(ROOT, `.ringside/course-${process.pid}-`));
  for (const variant of ["learner", "instructor"] as const) {
    mkdirSync(join(folder, variant));
    writeBuilt(buildAll(SOURCES, join(folder, variant), variant));
  }
  mkdirSync(join(folder, "both"));
  for (const slug of SLUGS)
    writeNotebook(file("both", slug), solvedBehind(built("learner", slug), built("instructor", slug)));
  server = await startServer({ folder });
});

afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function file(build: string, slug: string): string {
  return join(folder, build, `${slug}.ipynb`);
}

const built = (build: string, slug: string): Notebook => readNotebook(file(build, slug));

function plainText(output: Output): string {
  if (!("data" in output)) return "";
  const text = output.data["text/plain"];
  return Array.isArray(text) ? text.join("") : String(text ?? "");
}

/** What each check answered, by exercise. */
function verdicts(cells: readonly CellResult[]): Record<string, { passed: boolean; text: string }> {
  const found = cells
    .flatMap(({ outputs }) => outputs)
    .map(plainText)
    .flatMap((text) => {
      const match = VERDICT.exec(text);
      return match ? [[match[1]!, { passed: match[2] === "passed", text }] as const] : [];
    });
  return Object.fromEntries(found);
}

const play = (build: string, slug: string): Promise<NotebookRun> =>
  runNotebook(server, { path: file(build, slug) });

interface Played {
  readonly seconds: number;
  readonly learner: readonly CellResult[];
  readonly solved: readonly CellResult[];
}

/** Plays a notebook as a learner gets it, and its solutions: in one run, or where that cannot be in two. */
async function playBoth(slug: string): Promise<Played> {
  if (!ON_THE_OPEN_WIRE.has(slug)) {
    const { cells, durationMs } = await play("both", slug);
    const learner = cells.filter((cell) => !isPlayedAgain(cell));
    return { seconds: durationMs / 1000, learner, solved: cells.filter(isPlayedAgain) };
  }
  const [learner, solved] = [await play("learner", slug), await play("instructor", slug)];
  const seconds = Math.max(learner.durationMs, solved.durationMs) / 1000;
  return { seconds, learner: learner.cells, solved: solved.cells };
}

/** How the cells ended that did not end well. */
const failures = (cells: readonly CellResult[]): string[] =>
  cells.flatMap(({ cell, status, error }) =>
    status === "ok" ? [] : [error ?? `cell ${cell} was ${status}`],
  );

describe.each(SLUGS)("%s", (slug) => {
  let played: Promise<Played> | undefined;
  const once = (): Promise<Played> => {
    played ??= playBoth(slug);
    return played;
  };

  test("runs as a learner gets it, and each starter fails with a hint", { timeout: 180_000 }, async () => {
    const { learner, seconds } = await once();
    expect(failures(learner)).toEqual([]);
    expect(learner.length).toBeGreaterThan(0);
    expect(seconds).toBeLessThan(MOST_SECONDS);
    const answers = Object.values(verdicts(learner));
    expect(answers.length).toBeGreaterThan(0);
    for (const { passed, text } of answers) {
      expect(passed, text).toBe(false);
      expect(text).toMatch(/^Hint/m);
    }
  });

  test("runs again with the solutions, and each passes", { timeout: 180_000 }, async () => {
    const { learner, solved } = await once();
    expect(failures(solved)).toEqual([]);
    const answers = verdicts(solved);
    expect(Object.keys(answers).sort()).toEqual(Object.keys(verdicts(learner)).sort());
    for (const { passed, text } of Object.values(answers)) expect(passed, text).toBe(true);
  });
});

test("the whole course leaves nothing on the machine", async () => {
  await server.stop();
  expect(traces()).toEqual(before);
});
