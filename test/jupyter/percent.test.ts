import fc from "fast-check";
import { parsePercent, printPercent, type SourceCell } from "ringside/jupyter";
import { describe, expect, test } from "vitest";

const SOURCE = `// %% [markdown]
// # Title
//
// Text with \`code\`.

// %% tags=["exercise", "two words"] id="halve"
const x = 1;

console.log(x);

// %%
// a comment, not markdown
`;

describe("reading the percent format", () => {
  test("gives markdown without comment marks and code as it stands", () => {
    const cells = parsePercent("a.ts", SOURCE);
    expect(cells.map(({ kind, text }) => [kind, text])).toEqual([
      ["markdown", "# Title\n\nText with `code`."],
      ["code", "const x = 1;\n\nconsole.log(x);"],
      ["code", "// a comment, not markdown"],
    ]);
  });

  test("takes the id and the metadata from the marker", () => {
    const [, exercise] = parsePercent("a.ts", SOURCE);
    expect(exercise).toMatchObject({ id: "halve", metadata: { tags: ["exercise", "two words"] } });
  });

  test("knows the line each cell's text begins on", () => {
    expect(parsePercent("a.ts", SOURCE).map(({ line }) => line)).toEqual([2, 7, 12]);
  });

  test("leaves out cells without text and reads Windows line ends", () => {
    expect(parsePercent("a.ts", "// %%\r\n\r\n// %%\r\nf();\r\n").map(({ text }) => text)).toEqual(["f();"]);
  });

  test.each([
    [
      "text before the first cell",
      "import x;\n// %%\n1",
      /line 1, "import x;": it stands before the first cell/,
    ],
    ["a marker it cannot read", "// %% exercise\n1", /"exercise" is not key=value/],
    ["a value that is not JSON", "// %% id=halve\n1", /the value of id is not JSON/],
    [
      "code in a markdown cell",
      "// %% [markdown]\n// ok\nconst x = 1;",
      /line 3, "const x = 1;".*must begin with/,
    ],
  ])("refuses %s and names the next step", (_what, text, message) => {
    expect(() => parsePercent("a.ts", text)).toThrow(message);
    expect(() => parsePercent("a.ts", text)).toThrow(/ -> /);
  });

  test("printing and reading gives the same cells back", () => {
    const word = fc.stringMatching(/^[a-z =[\]"]{1,12}$/);
    // A markdown line "%% …" cannot be told from a marker, in jupytext neither.
    const line = fc.stringMatching(/^[a-z#*(){} ]{0,20}[a-z]$/);
    const text = fc.array(line, { minLength: 1, maxLength: 5 }).map((lines) => lines.join("\n"));
    const cell = fc.record({
      kind: fc.constantFrom("code" as const, "markdown" as const),
      text,
      id: fc.option(fc.stringMatching(/^[a-z-]{1,10}$/)),
      metadata: fc.oneof(fc.constant({}), fc.record({ tags: fc.array(word), deep: fc.record({ a: word }) })),
    });
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 6 }), (cells) => {
        const printed = printPercent(cells.map((each) => ({ ...each, line: 0 })));
        const read = parsePercent("a.ts", printed).map(({ line: _, ...rest }: SourceCell) => rest);
        expect(read).toEqual(cells);
      }),
    );
  });
});
