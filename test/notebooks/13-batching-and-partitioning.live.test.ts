import { measure, outcomeOf, predict } from "ringside/measure";
import { expect, test } from "vitest";

const gate = { minIdle: 0, maxSteal: 1 };

test("a question on a long connection costs the servers less than one on a connection of its own", {
  timeout: 60_000,
}, async () => {
  const params = { requests: [1, 16], rounds: 3, questions: 800, guess: predict(1, "×"), gate };
  const { points, errors } = outcomeOf(await measure.connectionLengths(params));
  expect(errors).toEqual({});
  const [short, long] = points;
  for (const side of ["baseline", "contender"] as const)
    expect(short![side].serverNs).toBeGreaterThan(1.3 * long![side].serverNs);
});

test("the open loop accounts for every connection", { timeout: 60_000 }, async () => {
  const params = { rates: [500, 2000], seconds: 0.2, guess: predict(1, "ms"), gate };
  const { points } = outcomeOf(await measure.connectionLoad(params));
  expect(points.map(({ offered, completed }) => [offered, completed])).toEqual([
    [100, 100],
    [400, 400],
  ]);
  for (const { p50Us, p99Us } of points) expect(p99Us).toBeGreaterThanOrEqual(p50Us);
});
