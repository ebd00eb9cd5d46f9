// What a killed server leaves in the file of cells that ran or waited, and what a server makes of it that has no kernel to ask.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Desk, digest } from "ringside/course";
import { readNotebook, writeNotebook } from "ringside/jupyter";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeCourse } from "./write-course.js";

const SLUG = "20-small";
let folder: string;
let copy: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ringside-test-mark-"));
  writeCourse(folder, SLUG, ["# Small", "1", "2", "3"]);
  mkdirSync(join(folder, "mine"));
  copy = join(folder, `mine/${SLUG}.ipynb`);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Marks the code cells of the learner's copy, in their order. */
function leave(marks: readonly unknown[]): void {
  const course = readNotebook(join(folder, `${SLUG}.ipynb`));
  const [text, ...cells] = course.cells;
  const marked = cells.map((cell, at) => {
    const ringside = { base: digest(cell.source), run: marks[at] };
    return { ...cell, metadata: { ringside } };
  });
  writeNotebook(copy, { ...course, cells: [text!, ...marked] });
}

/** A room asks for the kernels that it was told of, and here for none. */
function openInRoom(): Desk {
  const server = { baseUrl: "http://127.0.0.1:9/", token: "none", folder };
  return new Desk({ server, course: folder, copies: "mine", sparing: true });
}

const LEFT = [
  { state: "queued", place: 8 },
  { state: "running", run: "a run" },
  { state: "queued", place: 7 },
];

test("the cell that ran is known by its run, and those that waited by their order", () => {
  leave(LEFT);
  const { sheet } = openInRoom().open(SLUG);
  const ids = sheet.codeIds();
  expect(sheet.unfinished).toEqual({ running: { id: ids[1], run: "a run" }, waiting: [ids[2], ids[0]] });
});

test("where there is no kernel to ask, what ran is lost, for every server that follows, and what waited is stopped", () => {
  leave(LEFT);
  const states = (): string[] => {
    const { sheet } = openInRoom().open(SLUG);
    return sheet.codeIds().map((id) => sheet.run(id).state);
  };
  expect(states()).toEqual(["stopped", "lost", "stopped"]);
  expect(states()).toEqual(["idle", "lost", "idle"]);
});

test.each([
  ["of an earlier version", "running"],
  ["that is nonsense", { state: "running", run: 3 }],
  ["that has no place", { state: "queued" }],
])("a mark %s is that of a cell cut short", (_what, mark) => {
  leave([mark]);
  const { sheet } = openInRoom().open(SLUG);
  expect([sheet.run(sheet.codeIds()[0]!).state, sheet.unfinished.running]).toEqual(["lost", null]);
});

test("the mark goes with the end of a run", () => {
  leave(LEFT);
  const { sheet } = openInRoom().open(SLUG);
  for (const id of sheet.codeIds()) sheet.setRun(id, { state: "ok", count: 1, ms: 1 });
  sheet.save();
  expect(readFileSync(copy, "utf8")).not.toContain('"run"');
});
