import { exercises } from "ringside/exercise";
import { expect, test } from "vitest";
import { fixture as findTheLeak } from "./fixtures/33-af-xdp/find-the-leak.js";
import { fixture as receiveLoop } from "./fixtures/33-af-xdp/receive-loop.js";
import { testExercise } from "./fixtures/fixture.js";

testExercise(receiveLoop);
testExercise(findTheLeak);

test("ids are unique and name a notebook and an exercise", () => {
  const ids = exercises.map((exercise) => exercise.id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^\d\d-[a-z-]+\/[a-z-]+$/);
});
