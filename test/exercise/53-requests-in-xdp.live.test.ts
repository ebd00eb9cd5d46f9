import { fixture as answer } from "./fixtures/53-requests-in-xdp/answer.js";
import { testExercise } from "./fixtures/fixture.js";

testExercise(answer);
