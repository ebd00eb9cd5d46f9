import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { buildNotebook, type Notebook, parsePercent, type Variant } from "ringside/jupyter";
import { expect, test } from "vitest";
import { changedBySolutions, isPlayedAgain, solvedBehind } from "./solved.js";

const SOURCES = resolve(import.meta.dirname, "../../notebooks/src");

function build(slug: string, variant: Variant, text: string): Notebook {
  return buildNotebook(slug, parsePercent(slug, text), variant);
}

/** Ids of what the solutions change in a notebook of these code cells. */
function changed(...cells: string[]): string[] {
  const text = cells.map((cell, index) => `// %% id="c${index + 1}"\n${cell}\n`).join("\n");
  return changedBySolutions(build("90-own", "instructor", text)).map(({ id }) => id);
}

const solution = (text: string): string =>
  `// BEGIN SOLUTION\n${text}\n// END SOLUTION\n// BEGIN STARTER\n// | ${text}\n// END STARTER`;

test("a solution changes its own cell, who reads what it declares, and who reads what these declare", () => {
  const reader = "const twice = () => 2 * answer;";
  expect(changed("const a = 1;", solution("const answer = a;"), "a;", reader, "a;", "twice();")).toEqual([
    "c2",
    "c4",
    "c6",
  ]);
});

test("a name is also declared by a pattern, a function, a class or a type, and read within a string's braces", () => {
  const declarations = [
    "const { x: [, mine] } = y;",
    "function mine() {}",
    "class mine {}",
    "type mine = 1;",
  ];
  for (const each of declarations)
    expect(changed(solution(each), "{ mine; }", "x;", `\`\${mine}\`;`)).toEqual(["c1", "c2", "c4"]);
});

test("a cell before the solution, and text, are as they were", () => {
  const text = "// %% [markdown]\n// answer\n\n// %%\nanswer;\n\n// %%\n";
  const cells = changedBySolutions(build("90-own", "instructor", text + solution("const answer = 1;")));
  expect(cells).toHaveLength(1);
});

test("every notebook begins with the learner's, and ends with each of its solutions", () => {
  const again = readdirSync(SOURCES).flatMap((file) => {
    const slug = file.replace(/\.ts$/, "");
    const source = readFileSync(join(SOURCES, file), "utf8");
    const [learner, instructor] = [build(slug, "learner", source), build(slug, "instructor", source)];
    const { cells } = solvedBehind(learner, instructor);
    expect(cells.slice(0, learner.cells.length)).toEqual(learner.cells);
    const behind = cells.slice(learner.cells.length);
    expect(learner.cells.some(isPlayedAgain)).toBe(false);
    expect(behind.every(isPlayedAgain)).toBe(true);
    expect(new Set(cells.map(({ id }) => id)).size).toBe(cells.length);
    const code = behind.map((cell) => cell.source).join("\n");
    const checks = source.match(/\bcheck\("[^"]+"/g)!;
    expect(checks.length).toBeGreaterThan(0);
    for (const check of checks) expect(code).toContain(check);
    return behind.map(({ id }) => id);
  });
  expect(again).toContain("your-limiter-live-again");
});
