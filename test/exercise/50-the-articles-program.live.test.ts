import { check, proveTheBounds } from "ringside/exercise";
import { expect, test } from "vitest";
import { fixture as bounds } from "./fixtures/50-the-articles-program/bounds.js";
import { fixture as ipv4Only } from "./fixtures/50-the-articles-program/ipv4-only.js";
import { fixture as ipv6 } from "./fixtures/50-the-articles-program/ipv6.js";
import { program } from "./fixtures/50-the-articles-program/program.js";
import { fixture as vlan } from "./fixtures/50-the-articles-program/vlan.js";
import { testExercise } from "./fixtures/fixture.js";

testExercise(bounds);
testExercise(ipv4Only);
testExercise(vlan);
testExercise(ipv6);

test("a refusal that the lab has no words for shows the verifier's log", async () => {
  const report = await check(proveTheBounds, program("for (;;) verdict++;"));
  expect(report.diagnosis).toBeNull();
  expect(report.story).toContain("the lab does not know this refusal");
  expect(report.story).toContain("infinite loop detected");
});

test("what clang refuses is told with its line", async () => {
  const report = await check(proveTheBounds, program("verdict = XDP_PASS"));
  expect(report.story).toMatch(/does not compile: .*line 20: expected ';'/);
});
