import { buildExercise, hasSolution, type Variant } from "ringside/jupyter";
import { describe, expect, test } from "vitest";

const EXERCISE = `function budget() {
  // BEGIN SOLUTION
  return 1230.4;
  // END SOLUTION
  // BEGIN STARTER
  // | return 0; // your figure
  // |
  // |   // indented
  // END STARTER
}
check(budget);`;

function build(text: string, variant: Variant): string {
  return buildExercise(text, variant)
    .map((line) => line.text)
    .join("\n");
}

describe("an exercise cell", () => {
  test("holds the starter in place of the solution in the learner's build", () => {
    expect(build(EXERCISE, "learner")).toBe(`function budget() {
  return 0; // your figure

    // indented
}
check(budget);`);
  });

  test("holds the solution and no starter in the instructor's build", () => {
    expect(build(EXERCISE, "instructor")).toBe(`function budget() {
  // BEGIN SOLUTION
  return 1230.4;
  // END SOLUTION
}
check(budget);`);
  });

  test("tells where each built line comes from", () => {
    expect(buildExercise(EXERCISE, "learner").map(({ from }) => from)).toEqual([0, 5, 6, 7, 9, 10]);
  });

  test("without a starter leaves a line for the learner's own code", () => {
    expect(build("  // BEGIN SOLUTION\n  f();\n  // END SOLUTION", "learner")).toBe("  // YOUR CODE HERE");
  });

  test("is left alone where it has no markers", () => {
    expect(build("const a = 1;\n", "learner")).toBe("const a = 1;\n");
    expect(hasSolution("const a = 1;")).toBe(false);
    expect(hasSolution(EXERCISE)).toBe(true);
  });

  test.each([
    ["a solution that never ends", "// BEGIN SOLUTION\n1", /line 1.*nothing ends it/],
    ["an end without a beginning", "1\n// END SOLUTION", /line 2.*nothing begins before it/],
    [
      "a starter without a solution",
      "// BEGIN STARTER\n// END STARTER",
      /no solution ends directly before it/,
    ],
    [
      "a starter's line that is not marked",
      "// BEGIN SOLUTION\n// END SOLUTION\n// BEGIN STARTER\n1;\n// END STARTER",
      /line 4 of the cell, "1;": a starter's line begins with \/\/ \|/,
    ],
  ])("is refused with %s", (_what, text, message) => {
    expect(() => buildExercise(text, "learner")).toThrow(message);
  });
});
