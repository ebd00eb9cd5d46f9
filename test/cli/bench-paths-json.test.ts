import { pathsJson } from "ringside/cli";
import { recordEnvironment } from "ringside/measure";
import { expect, test } from "vitest";

const buckets = [
  { low: 13_696, high: 13_759, count: 1 },
  { low: 13_760, high: 13_823, count: 2_000_000 },
];
const guess = { guess: { low: 1, high: 1, unit: "×" }, text: "you said 1 ×" };
const environment = recordEnvironment();
const text = pathsJson(environment, {
  bakeOff: { status: "ok", guess, outcome: { paths: [{ latency: [{ buckets }] }] } },
  sending: undefined,
  languages: { status: "refused", reason: "CPU 0 was busy" },
});

test("is the machine and each part that was measured, a refused one with its reason, no guess of nobody, and what others published", () => {
  const { published, ...measured } = JSON.parse(text);
  expect(published).toContainEqual(
    expect.objectContaining({ what: "a program that does nothing, a packet", figure: "13.3 ns" }),
  );
  expect(measured).toEqual({
    environment: JSON.parse(JSON.stringify(environment)),
    bakeOff: { status: "ok", outcome: { paths: [{ latency: [{ buckets }] }] } },
    languages: { status: "refused", reason: "CPU 0 was busy" },
  });
});

test("has a line for each bucket", () => {
  expect(text).toMatch(/^ +\{ "low": 13696, "high": 13759, "count": 1 \},$/m);
  expect(text).toMatch(/^ +\{ "low": 13760, "high": 13823, "count": 2000000 \}$/m);
});
