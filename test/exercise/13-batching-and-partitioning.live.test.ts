import { fixture } from "./fixtures/13-batching-and-partitioning/calls-by-hand.js";
import { testExercise } from "./fixtures/fixture.js";

testExercise(fixture);
