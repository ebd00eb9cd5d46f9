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

const ARRAY = `struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} jumps SEC(".maps");
`;

test("a refusal that the lab has no words for shows the verifier's log", async () => {
  const jump = program("bpf_tail_call(ctx, &jumps, 0);").replace('SEC("xdp")', `${ARRAY}\nSEC("xdp")`);
  const report = await check(proveTheBounds, jump);
  expect(report.diagnosis).toBeNull();
  expect(report.story).toContain("the lab does not know this refusal");
  expect(report.story).toContain("expected prog array map for tail call");
});

test("what clang refuses is told with its line", async () => {
  const report = await check(proveTheBounds, program("verdict = XDP_PASS"));
  expect(report.story).toMatch(/does not compile: .*line 20: expected ';'/);
});
