import { fixture as bounds } from "./fixtures/50-the-articles-program/bounds.js";
import { fixture as ipv4Only } from "./fixtures/50-the-articles-program/ipv4-only.js";
import { fixture as vlan } from "./fixtures/50-the-articles-program/vlan.js";
import { testExercise } from "./fixtures/fixture.js";

testExercise(bounds);
testExercise(ipv4Only);
testExercise(vlan);
