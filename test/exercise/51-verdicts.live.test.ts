import { fixture as quota } from "./fixtures/51-verdicts/quota.js";
import { testExercise } from "./fixtures/fixture.js";

testExercise(quota);
