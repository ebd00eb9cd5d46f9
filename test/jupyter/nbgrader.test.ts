// Every notebook of the course, as learners and as instructors get it, keeps nbgrader's rules; and the rules refuse what they should.
import { join, resolve } from "node:path";
import { exercises } from "ringside/exercise";
import { buildAll, NOTEBOOK_METADATA, type Notebook, parseNotebook } from "ringside/jupyter";
import { describe, expect, test } from "vitest";
import { nbgraderProblems } from "./nbgrader-rules.js";

const NOTEBOOKS = resolve(import.meta.dirname, "../../notebooks");

/** The names of the exercises that nbgrader finds in it, and their points. */
function graded({ cells }: Notebook): [string, number][] {
  return cells.flatMap(({ metadata }) => {
    const meta = metadata.nbgrader as { grade_id: string; points: number } | undefined;
    return meta === undefined ? [] : [[meta.grade_id, meta.points] satisfies [string, number]];
  });
}

describe.each(["learner", "instructor"] as const)("the %s's notebooks", (variant) => {
  const built = buildAll(join(NOTEBOOKS, "src"), NOTEBOOKS, variant);
  const notebooks = built.map(({ path, text }) => parseNotebook(path, text));

  test("have metadata that nbgrader's schema 3 accepts", () => {
    expect(notebooks.flatMap(nbgraderProblems)).toEqual([]);
  });

  test("have a graded cell, with its points, for every exercise of the course", () => {
    const wanted = exercises.map(({ id, points }) => [id.slice(id.indexOf("/") + 1), points]);
    const byName = ([one]: unknown[], [other]: unknown[]): number => String(one).localeCompare(String(other));
    expect(notebooks.flatMap(graded).sort(byName)).toEqual(wanted.sort(byName));
  });
});

describe("the rules", () => {
  const good = {
    schema_version: 3,
    grade: true,
    solution: true,
    locked: false,
    task: false,
    grade_id: "a",
    points: 1,
  };
  const notebook = (...metas: object[]): Notebook => ({
    metadata: NOTEBOOK_METADATA,
    cells: metas.map((nbgrader, at) => ({
      ...{ cell_type: "code", id: `c${at}`, source: "", execution_count: null, outputs: [] },
      metadata: { nbgrader },
    })),
  });

  test("accept what is right, and a cell that nbgrader is not to know", () => {
    expect(nbgraderProblems(notebook(good, { ...good, grade_id: "b", checksum: "0".repeat(32) }))).toEqual(
      [],
    );
    const { cells, metadata } = notebook(good);
    expect(nbgraderProblems({ metadata, cells: [{ ...cells[0]!, metadata: {} }] })).toEqual([]);
  });

  test.each([
    ["an unknown property", { ...good, hint: "" }, "additional property hint"],
    ["another schema", { ...good, schema_version: 2 }, "schema_version is 2"],
    ["a name with a slash", { ...good, grade_id: "a/b" }, 'grade_id is "a/b"'],
    ["an empty name", { ...good, grade_id: "" }, "no grade_id"],
    ["points below nothing", { ...good, points: -1 }, "points is -1"],
    ["points as text", { ...good, points: "1" }, 'points is "1"'],
    ["no points", { ...good, points: undefined }, "no points"],
    ["a short checksum", { ...good, checksum: "0" }, 'checksum is "0"'],
    ["a task in code", { ...good, task: true }, "a task that is no markdown"],
    [
      "no word of whether it is locked",
      { schema_version: 3, grade: false, solution: false },
      "locked is required",
    ],
  ])("refuse %s", (_what, meta, problem) => {
    expect(nbgraderProblems(notebook(meta))).toContain(`c0: ${problem}`);
  });

  test("refuse a name that is used twice", () => {
    expect(nbgraderProblems(notebook(good, good))).toEqual(["Duplicate grade id: a"]);
  });
});
