import { fixture } from "./fixtures/14-sockets-and-cores/selector.js";
import { testExercise } from "./fixtures/fixture.js";

testExercise(fixture);
