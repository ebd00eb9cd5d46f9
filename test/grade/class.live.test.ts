// A class with one learner of each kind. Notebook 02 serves for all of them: its exercises ask nothing of the machine.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type GradedNotebook, gradeFolder, type Judged, toCsv, toHtml } from "ringside/grade";
import { buildNotebook, formatNotebook, type Notebook, parsePercent, type Variant } from "ringside/jupyter";
import { afterAll, beforeAll, expect, test } from "vitest";

const ROOT = resolve(import.meta.dirname, "../..");
const SLUG = "02-packet-budgets";
const DERIVE = `${SLUG}/derive-1538`;
const MISSES = `${SLUG}/cache-misses-at-200g`;
const LIMIT_MS = 4000;

let scratch: string;
let graded: readonly GradedNotebook[];

beforeAll(async () => {
  mkdirSync(join(ROOT, ".ringside"), { recursive: true });
  scratch = mkdtempSync(join(ROOT, ".ringside", `grading-${process.pid}-`));
  const folder = join(scratch, "class");
  handIn(folder, "bob", formatNotebook(build("learner")));
  handIn(
    folder,
    "clara",
    withAnswers("for (;;);\nconst derive = 0;", "const missesThatFit = () => { for (;;); };"),
  );
  handIn(
    folder,
    "dan",
    withAnswers("await 0;\nfor (;;);\nconst derive = 0;", "process.exit(0);\nconst missesThatFit = 0;"),
  );
  handIn(
    folder,
    "eve",
    withAnswers(
      "process.kill(process.ppid, 'SIGKILL');\nconst derive = 0;",
      "const missesThatFit = (a) => Math.floor(61.52 / a);",
    ),
  );
  handIn(folder, "fred", "{ no notebook");
  handIn(folder, "gina", withAnswers("const derive = (;", "const missesThatFit = (n: number): string => n;"));
  handIn(folder, "hugo", withAnswers(null, null));
  handIn(folder, "zoe", formatNotebook(build("instructor")));
  graded = await gradeFolder({ folder, workFolder: join(scratch, "work"), limitMs: LIMIT_MS });
}, 170_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function build(variant: Variant): Notebook {
  const text = readFileSync(join(ROOT, "notebooks/src", `${SLUG}.ts`), "utf8");
  return buildNotebook(SLUG, parsePercent(SLUG, text), variant);
}

/** The notebook with other code in its two exercise cells, above their checks; null takes the cell away. */
function withAnswers(derive: string | null, misses: string | null): string {
  const answers = new Map([
    ["derive-1538", derive && `${derive}\nawait check("${DERIVE}", derive);`],
    ["cache-misses-at-200g", misses && `${misses}\nawait check("${MISSES}", missesThatFit);`],
  ]);
  const notebook = build("learner");
  const cells = notebook.cells.flatMap((cell) => {
    const source = answers.get(cell.id);
    if (source === undefined) return [cell];
    return source === null ? [] : [{ ...cell, source }];
  });
  return formatNotebook({ ...notebook, cells });
}

function handIn(folder: string, learner: string, text: string): void {
  mkdirSync(join(folder, learner), { recursive: true });
  writeFileSync(join(folder, learner, `${SLUG}.ipynb`), text);
}

function resultOf(learner: string, exercise: string): Judged {
  const notebook = graded.find(({ file }) => file.startsWith(`${learner}/`));
  return notebook!.results.find((each) => each.exercise === exercise)!;
}

test("every notebook has its results, whatever the one before it did", () => {
  const learners = graded.map(({ file }) => file.split("/")[0]);
  expect(learners).toEqual(["bob", "clara", "dan", "eve", "fred", "gina", "hugo", "zoe"]);
  for (const { results } of graded) expect(results.map(({ exercise }) => exercise)).toEqual([DERIVE, MISSES]);
});

test("solutions earn their points, and starters none, with the step that failed", () => {
  expect(resultOf("zoe", DERIVE)).toMatchObject({ status: "passed", points: 2, maxPoints: 2, reason: "" });
  expect(resultOf("zoe", MISSES)).toMatchObject({ status: "passed", points: 1 });
  expect(resultOf("bob", DERIVE)).toMatchObject({ status: "failed", points: 0 });
  expect(resultOf("bob", DERIVE).reason).toMatch(/expected .* your code/);
});

test("what never ends is stopped: in a cell, in an answer, and behind an await", () => {
  expect(resultOf("clara", DERIVE)).toMatchObject({ status: "timeout", points: 0 });
  expect(resultOf("clara", DERIVE).reason).toContain("it ran longer than 4 s and was stopped");
  expect(resultOf("clara", MISSES)).toMatchObject({ status: "failed" });
  expect(resultOf("clara", MISSES).reason).toMatch(/^never ends: /);
  expect(resultOf("dan", DERIVE)).toMatchObject({ status: "died" });
});

test("what ends its kernel, or its server, costs only its own answer", () => {
  expect(resultOf("dan", MISSES)).toMatchObject({ status: "died", points: 0 });
  expect(resultOf("eve", DERIVE)).toMatchObject({ status: "died", points: 0 });
  expect(resultOf("eve", MISSES)).toMatchObject({ status: "passed", points: 1 });
});

test("what is no notebook, does not parse, has wrong types or is gone, is named", () => {
  expect(resultOf("fred", DERIVE)).toMatchObject({ status: "unreadable" });
  expect(resultOf("fred", DERIVE).reason).toContain("it is not JSON");
  expect(resultOf("gina", DERIVE)).toMatchObject({ status: "error" });
  expect(resultOf("gina", MISSES)).toMatchObject({ status: "error" });
  expect(resultOf("gina", MISSES).reason).toContain("Type 'number' is not assignable to type 'string'");
  expect(resultOf("hugo", DERIVE)).toMatchObject({
    status: "missing",
    reason: "no cell of the notebook checks it",
  });
});

test("the tables hold every result and its reason", () => {
  const csv = toCsv(graded);
  expect(csv.split("\r\n")).toHaveLength(1 + 16 + 1);
  expect(csv).toContain(`zoe,${SLUG}.ipynb,${DERIVE},passed,2,2,`);
  const html = toHtml(graded, "2026-11-24T06:00");
  expect(html).toContain("zoe/02-packet-budgets.ipynb: 3 of 3 points");
  expect(html).not.toContain("<script");
});
