import { resolve } from "node:path";
import {
  convertCells,
  formatProblem,
  type ParsedSource,
  parsePercent,
  typecheckNotebooks,
} from "ringside/jupyter";
import { describe, expect, test } from "vitest";

const FOLDER = resolve(import.meta.dirname, "../../notebooks");

const source = (name: string, text: string): ParsedSource => ({ name, cells: parsePercent(name, text) });

const GOOD = source(
  "00-good.ts",
  `// %% [markdown]
// # Text
// %%
import { wireTimeNs } from "ringside";
const gapNs = await Promise.resolve(wireTimeNs(1518, 10));
// %% id="e"
// BEGIN SOLUTION
const answer: number = gapNs;
// END SOLUTION
// BEGIN STARTER
// | const answer: number = 0;
// END STARTER
const shape = { gapNs };
`,
);

const BAD = source(
  "01-bad.ts",
  `// %%
import { wireTimeNs } from "ringside";
const v = 1;
// %% [markdown]
// text
// %%
const gapNs = wireTimeNs("1518", 10);
// %%
// BEGIN SOLUTION
const fine = v;
// END SOLUTION
// BEGIN STARTER
// | const fine: string = v;
// END STARTER
`,
);

describe.each([
  ["the project's compiler", typecheckNotebooks],
  ["tslab's compiler", convertCells],
])("checking notebooks with %s", (_name, checkNotebooks) => {
  test("finds nothing in a good notebook", { timeout: 30_000 }, async () => {
    expect(await checkNotebooks(FOLDER, [GOOD], "learner")).toEqual([]);
    expect(await checkNotebooks(FOLDER, [GOOD], "instructor")).toEqual([]);
  });

  test("names notebook, cell and line of what is wrong, in each variant", { timeout: 30_000 }, async () => {
    const call =
      "01-bad.ts, cell 3, line 1: Argument of type 'string' is not assignable to parameter of type 'number'.";
    const starter = "01-bad.ts, cell 4, line 5: Type 'number' is not assignable to type 'string'.";
    expect((await checkNotebooks(FOLDER, [GOOD, BAD], "instructor")).map(formatProblem)).toEqual([call]);
    expect((await checkNotebooks(FOLDER, [GOOD, BAD], "learner")).map(formatProblem)).toEqual([
      call,
      starter,
    ]);
  });
});

test("tslab's compiler refuses syntax that is newer than it", { timeout: 30_000 }, async () => {
  const newer = source("02-newer.ts", "// %%\nfunction f() {\n  using x = null;\n}\n");
  expect(await convertCells(FOLDER, [newer], "learner")).not.toEqual([]);
});
