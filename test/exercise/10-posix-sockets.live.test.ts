import { echoWithinBudget, findExercise } from "ringside/exercise";
import { expect, test } from "vitest";
import { fixture } from "./fixtures/10-posix-sockets/echo-within-budget.js";
import { testExercise } from "./fixtures/fixture.js";

testExercise(fixture);

test("is found by its id", () => {
  expect(findExercise("10-posix-sockets/echo-within-budget")).toBe(echoWithinBudget);
});
