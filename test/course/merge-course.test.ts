// An update of the course never loses an answer.
import { digest, mergeCourse } from "ringside/course";
import type { Notebook, NotebookCell } from "ringside/jupyter";
import { describe, expect, test } from "vitest";

const SLUG = "20-x";

/** A course of code cells; `name=text` gives a cell an author's name, else its place is its id. */
function course(...sources: string[]): Notebook {
  const cells = sources.map((source, index): NotebookCell => {
    const [, name, text] = /^(?:([a-z-]+)=)?(.*)$/.exec(source)!;
    const id = name ?? `${SLUG}-${String(index + 1).padStart(2, "0")}`;
    return { cell_type: "code", id, metadata: {}, source: text!, execution_count: null, outputs: [] };
  });
  return { cells, metadata: {} };
}

const sources = (notebook: Notebook): string[] => notebook.cells.map(({ source }) => source);

/** The copy after the learner changed some of its cells. */
function edited(copy: Notebook, changes: Record<string, string>): Notebook {
  return { ...copy, cells: copy.cells.map((cell) => ({ ...cell, source: changes[cell.id] ?? cell.source })) };
}

const fresh = (notebook: Notebook): Notebook => mergeCourse(notebook, null).notebook;

describe("a copy of the course", () => {
  test("begins as the course is, and remembers each cell's beginning", () => {
    const { notebook, originals } = mergeCourse(course("a", "b"), null);
    expect(sources(notebook)).toEqual(["a", "b"]);
    expect(notebook.cells[0]!.metadata.ringside).toEqual({ base: digest("a") });
    expect(originals.get("20-x-01")).toBe("a");
  });

  test("takes over what the course changed where the learner changed nothing", () => {
    expect(sources(mergeCourse(course("A", "b", "c"), fresh(course("a", "b"))).notebook)).toEqual([
      "A",
      "b",
      "c",
    ]);
  });

  test("keeps the learner's text where both changed, with the course's at hand", () => {
    const copy = edited(fresh(course("exercise=starter")), { exercise: "my answer" });
    const { notebook, originals } = mergeCourse(course("exercise=new starter"), copy);
    expect(sources(notebook)).toEqual(["my answer"]);
    expect(originals.get("exercise")).toBe("new starter");
    expect(notebook.cells[0]!.metadata.ringside).toEqual({ base: digest("starter") });
  });

  test("keeps an edited cell with its own text when cells are put before it", () => {
    const copy = edited(fresh(course("a", "b")), { "20-x-02": "b edited" });
    const { notebook } = mergeCourse(course("new", "a", "b"), copy);
    expect(sources(notebook)).toEqual(["new", "a", "b edited"]);
  });

  test("keeps an edited cell that the course dropped, in its place, and drops an untouched one", () => {
    const copy = edited(fresh(course("a", "gone", "mine=starter", "z")), { mine: "my answer" });
    const { notebook, originals } = mergeCourse(course("a", "z"), copy);
    expect(sources(notebook)).toEqual(["a", "my answer", "z"]);
    expect(originals.has("mine")).toBe(false);
  });

  test("keeps an edited numbered cell whose number now belongs to another text", () => {
    const copy = edited(fresh(course("a", "b")), { "20-x-02": "b edited" });
    const { notebook } = mergeCourse(course("a", "other"), copy);
    expect(sources(notebook).sort()).toEqual(["a", "b edited", "other"]);
    expect(new Set(notebook.cells.map(({ id }) => id)).size).toBe(3);
  });

  test("keeps cells that the learner added in Jupyter, where he put them", () => {
    const copy = fresh(course("a", "b"));
    const own = { ...copy.cells[0]!, id: "f3a9", metadata: {}, source: "my own" };
    const { notebook } = mergeCourse(course("a", "b"), {
      ...copy,
      cells: [copy.cells[0]!, own, copy.cells[1]!],
    });
    expect(sources(notebook)).toEqual(["a", "my own", "b"]);
  });

  test("keeps outputs of cells whose text stayed, and drops those of a text that is gone", () => {
    const copy = fresh(course("a", "b"));
    const outputs = [{ output_type: "stream", name: "stdout", text: "seen" }] as const;
    const run = copy.cells.map((cell) => ({
      ...cell,
      execution_count: 1,
      outputs: [...outputs],
    })) as NotebookCell[];
    const { notebook } = mergeCourse(course("a", "B"), { ...copy, cells: run });
    expect(notebook.cells.map((cell) => (cell.cell_type === "code" ? cell.outputs.length : 0))).toEqual([
      1, 0,
    ]);
  });

  test("is the same after a second update to the same course", () => {
    const copy = edited(fresh(course("a", "mine=x", "c")), { mine: "answer" });
    const once = mergeCourse(course("c", "mine=y"), copy).notebook;
    expect(mergeCourse(course("c", "mine=y"), once).notebook).toEqual(once);
  });
});
