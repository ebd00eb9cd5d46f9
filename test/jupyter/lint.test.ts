import { formatProblem, lintNotebook, parsePercent } from "ringside/jupyter";
import { describe, expect, test } from "vitest";

const LESSON = `// %% [markdown]
// # What a call costs
//
// **Question:** how dear? **Minutes:** 15 **Needs:** root **Mode:** live
// %% [markdown]
// ## Claim
// %% [markdown]
// ## Predict
// %%
const guess = predict(80, "ns");
// %% [markdown]
// ## Measure
// %%
const result = await measure.syscallCost(guess);
// %% [markdown]
// ## Plot
// %% [markdown]
// ## Explain
// %% [markdown]
// ## Exercise
// %% id="halve"
// BEGIN SOLUTION
const calls = 1;
// END SOLUTION
// BEGIN STARTER
// | const calls = 2;
// END STARTER
// %% [markdown]
// ## Tear down, and what we now believe
`;

function lint(text: string): string[] {
  return lintNotebook("11-a.ts", parsePercent("11-a.ts", text)).map(formatProblem);
}

describe("linting a notebook", () => {
  test("finds nothing in a lesson of the house's form", () => {
    expect(lint(LESSON)).toEqual([]);
  });

  test.each([
    [
      "a first cell without minutes",
      "**Minutes:** 15",
      "",
      "11-a.ts, cell 1: it does not tell minutes -> add a line",
    ],
    [
      "a missing section",
      "// ## Plot",
      "// Figure",
      '11-a.ts: it has no section "plot" -> add a markdown cell',
    ],
    ["sections out of order", "// ## Claim", "// ## Explain\n// ## Claim", "too early -> keep the order"],
    ["no guess", "predict(80, ", "around(80, ", "11-a.ts: it never asks for a guess -> write const guess"],
    [
      "a last cell without a belief",
      ", and what we now believe",
      "",
      "cell 11: the last markdown cell does not say what",
    ],
    ["an exercise without a name", ' id="halve"', "", "11-a.ts, cell 10: it has no name -> write"],
    [
      "a solution without a starter",
      "// BEGIN STARTER\n// | const calls = 2;\n// END STARTER\n",
      "",
      "11-a.ts, cell 10, line 1: its solution has no starter -> add",
    ],
    ["a broken exercise", "// END SOLUTION\n", "", "cell 10: Cannot build line 1 of the cell"],
    [
      "a loop around a measurement",
      "const result = await",
      "const all = [];\nfor (const n of [1, 2]) {\n  await",
      "11-a.ts, cell 6, line 2: a loop around a measurement -> hand the whole list to one measure call",
    ],
  ])("finds %s", (_what, from, to, message) => {
    const broken = LESSON.replace(from, to);
    expect(broken).not.toBe(LESSON);
    expect(lint(broken).join("\n")).toContain(message);
  });

  test("wants an exercise", () => {
    const without = LESSON.replace(/\/\/ %% id[\s\S]*?END STARTER\n/, "");
    expect(lint(without)).toEqual([
      expect.stringContaining("it has no exercise -> mark what the learner writes"),
    ]);
  });

  test("lets a function loop, and a loop draw", () => {
    const harmless = `// %%
function f() {
  for (const n of [1]) measure(n);
}
for (const n of [1]) console.log(n);
`;
    expect(
      lint(LESSON.replace("// %% [markdown]\n// ## Plot", `${harmless}// %% [markdown]\n// ## Plot`)),
    ).toEqual([]);
  });
});
