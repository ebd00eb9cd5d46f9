import { fixture } from "./fixtures/11-what-a-syscall-costs/halve-the-calls.js";
import { testExercise } from "./fixtures/fixture.js";

testExercise(fixture);
