// Every notebook, from top to bottom, through a real Jupyter server, twice in a row: first as a learner gets it, whose
// starters must fail with a hint, then with the solutions, which must pass.
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  buildAll,
  type JupyterServer,
  type NotebookRun,
  type Output,
  runNotebook,
  startServer,
  type Variant,
  writeBuilt,
} from "ringside/jupyter";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Traces, traces } from "../leftovers.js";

const ROOT = resolve(import.meta.dirname, "../..");
const SOURCES = join(ROOT, "notebooks/src");
const SLUGS = readdirSync(SOURCES).map((file) => file.replace(/\.ts$/, ""));
const MOST_SECONDS = 60;
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
  server = await startServer({ folder });
});

afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function plainText(output: Output): string {
  if (!("data" in output)) return "";
  const text = output.data["text/plain"];
  return Array.isArray(text) ? text.join("") : String(text ?? "");
}

/** What each check of a run answered, by exercise. */
function verdicts(run: NotebookRun): Record<string, { passed: boolean; text: string }> {
  const found = run.cells
    .flatMap(({ outputs }) => outputs)
    .map(plainText)
    .flatMap((text) => {
      const match = VERDICT.exec(text);
      return match ? [[match[1]!, { passed: match[2] === "passed", text }] as const] : [];
    });
  return Object.fromEntries(found);
}

function play(slug: string, variant: Variant): Promise<NotebookRun> {
  return runNotebook(server, { path: join(folder, variant, `${slug}.ipynb`) });
}

describe.each(SLUGS)("%s", (slug) => {
  let exercises: string[];

  test("runs as a learner gets it, and each starter fails with a hint", { timeout: 120_000 }, async () => {
    const run = await play(slug, "learner");
    expect(run.error).toBeNull();
    expect(run.durationMs / 1000).toBeLessThan(MOST_SECONDS);
    const answers = verdicts(run);
    exercises = Object.keys(answers).sort();
    expect(exercises.length).toBeGreaterThan(0);
    for (const { passed, text } of Object.values(answers)) {
      expect(passed, text).toBe(false);
      expect(text).toMatch(/^Hint/m);
    }
  });

  test("runs again with the solutions, and each passes", { timeout: 120_000 }, async () => {
    const run = await play(slug, "instructor");
    expect(run.error).toBeNull();
    expect(run.durationMs / 1000).toBeLessThan(MOST_SECONDS);
    const answers = verdicts(run);
    expect(Object.keys(answers).sort()).toEqual(exercises);
    for (const { passed, text } of Object.values(answers)) expect(passed, text).toBe(true);
  });
});

test("the whole course leaves nothing on the machine", async () => {
  await server.stop();
  expect(traces()).toEqual(before);
});
