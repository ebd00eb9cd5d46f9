import { fixture } from "./fixtures/20-one-skb-per-packet/predict-the-counts.js";
import { testExercise } from "./fixtures/fixture.js";

testExercise(fixture);
