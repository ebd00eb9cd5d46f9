import { createRequire } from "node:module";
import { describe, expect, test } from "vitest";

interface Edit {
  readonly line: number;
  readonly column: number;
}
const { mendSource, authorColumn } = createRequire(import.meta.url)(
  "../../kernels/jupyter/mend-source.cjs",
) as {
  mendSource(source: string): { text: string; edits: Edit[] };
  authorColumn(edits: Edit[], line: number, column: number): number;
};

describe("mending a cell for tslab", () => {
  test.each([
    ["const o = { v };", "const o = { v: v };"],
    ["const { a: b } = point;", 'const { "a": b } = point;'],
    ["const { a: { c: d } } = point;", 'const { "a": { "c": d } } = point;'],
    ["({ a: b } = point);", '({ "a": b } = point);'],
    ["[{ a: b }] = [point];", '[{ "a": b }] = [point];'],
    ["({ a } = point);", "({ a: a } = point);"],
    ["({ a = 1 } = point);", "({ a: a = 1 } = point);"],
    ["for ({ a: b } of points) f(b);", 'for ({ "a": b } of points) f(b);'],
    ["for await (const x of xs()) f(x);", "await undefined; for await (const x of xs()) f(x);"],
    ["await (async () => 1)();", "await undefined; await (async () => 1)();"],
    ["const a = 1;\n  if (a) await (f());", "const a = 1;\n  await undefined; if (a) await (f());"],
  ])("turns %j into what tslab can rewrite", (source, text) => {
    expect(mendSource(source).text).toBe(text);
  });

  test.each([
    "const { a } = point;",
    "const o = { a: b };",
    "f({ a: 1, b });".replace(", b", ""),
    "async function f() { for await (const x of xs()) await (x); }",
    "const wait = async () => await (f());",
    "class Store { async load() { await (f()); } }",
  ])("leaves %j alone", (source) => {
    expect(mendSource(source).text).toBe(source);
  });

  test("keeps every line where it was", () => {
    const source = "const o = {\n  v,\n  w,\n};\nawait (f());";
    expect(mendSource(source).text.split("\n")).toHaveLength(source.split("\n").length);
  });

  test("leads each column of the mended text back to the author's", () => {
    const source = "f({ v }, { w }, x);";
    const { text, edits } = mendSource(source);
    for (const name of ["f", "x", ");"]) {
      expect(authorColumn(edits, 0, text.indexOf(name))).toBe(source.indexOf(name));
    }
    expect(authorColumn(edits, 0, text.indexOf("w: w") + 3)).toBe(source.indexOf("w"));
    expect(authorColumn(edits, 1, 7)).toBe(7);
  });
});
