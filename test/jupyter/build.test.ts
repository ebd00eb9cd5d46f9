import { buildNotebook, formatNotebook, parseNotebook, parsePercent } from "ringside/jupyter";
import { describe, expect, test } from "vitest";

const cells = parsePercent(
  "a.ts",
  '// %% [markdown]\n// # T\n// %% id="own" tags=["exercise"]\nconst a = 1;\na;\n',
);

describe("building a notebook", () => {
  test("gives the same bytes each time, whatever the order of the metadata's keys", () => {
    const text = formatNotebook(buildNotebook("00-a", cells, "learner"));
    expect(formatNotebook(buildNotebook("00-a", cells, "learner"))).toBe(text);
    const turned = cells.map((cell) => ({
      ...cell,
      metadata: Object.fromEntries(Object.entries(cell.metadata).reverse()),
    }));
    expect(formatNotebook(buildNotebook("00-a", turned, "learner"))).toBe(text);
  });

  test("writes nbformat 4.5 without outputs, for the ringside kernel", () => {
    const file = JSON.parse(formatNotebook(buildNotebook("00-a", cells, "learner")));
    expect(file).toMatchObject({ nbformat: 4, nbformat_minor: 5 });
    expect(file.metadata.kernelspec).toEqual({
      display_name: "Ringside (TypeScript)",
      language: "typescript",
      name: "ringside",
    });
    expect(file.cells[1]).toEqual({
      cell_type: "code",
      execution_count: null,
      id: "own",
      metadata: { tags: ["exercise"] },
      outputs: [],
      source: ["const a = 1;\n", "a;"],
    });
  });

  test("names a cell after its notebook and place where the author did not", () => {
    expect(buildNotebook("00-a", cells, "learner").cells.map(({ id }) => id)).toEqual(["00-a-01", "own"]);
  });

  test("refuses two cells with one id", () => {
    const twice = parsePercent("a.ts", '// %% id="x"\n1\n// %% id="x"\n2');
    expect(() => buildNotebook("00-a", twice, "learner")).toThrow('cell 2 has the id "x" of an earlier cell');
  });
});

describe("a cell that checks an exercise of the course", () => {
  const text = '// %% id="x" tags=["exercise"]\ndisplay(await check("33-af-xdp/receive-loop", receive));\n';
  const build = (variant: "learner" | "instructor") =>
    buildNotebook("33-af-xdp", parsePercent("a.ts", text), variant);

  test("begins, for the learner, with what it is worth and what passes already", () => {
    expect(build("learner").cells[0]!.source.split("\n")[0]).toBe(
      "// 5 points; 5 of 26 steps pass before you begin.",
    );
    expect(build("instructor").cells[0]!.source).toMatch(/^display/);
  });

  test("has nbgrader's metadata", () => {
    const { nbgrader, tags } = build("learner").cells[0]!.metadata as Record<string, Record<string, unknown>>;
    expect(tags).toEqual(["exercise"]);
    expect(nbgrader).toEqual({
      schema_version: 3,
      grade: true,
      solution: true,
      locked: false,
      task: false,
      grade_id: expect.stringMatching(/^[a-zA-Z0-9_-]+$/),
      points: 5,
    });
  });
});

describe("reading a notebook", () => {
  test("gives back what was written", () => {
    const notebook = buildNotebook("00-a", cells, "instructor");
    expect(parseNotebook("a.ipynb", formatNotebook(notebook))).toEqual(notebook);
  });

  test.each([
    ["no JSON", "{", /it is not JSON/],
    ["another format", '{"nbformat": 3, "cells": []}', /it has nbformat 3, not 4/],
    ["no cells", '{"nbformat": 4}', /it has no list of cells/],
    ["a cell of no kind", '{"nbformat": 4, "cells": [{}]}', /cell 1 is neither code nor markdown/],
  ])("refuses %s with one clear error", (_what, text, message) => {
    expect(() => parseNotebook("a.ipynb", text)).toThrow(message);
  });
});
