// What notebook 02-packet-budgets says of the wire, to the digit, and the order of the costs that it draws inside.
import { wireTimeNs } from "ringside/base";
import { measure, outcomeOf, predict } from "ringside/measure";
import { expect, test } from "vitest";

/** Orders hold on a busy machine too. */
const anyMachine = { minIdle: 0, maxSteal: 1, waitMs: 1500 };

test("1538 bytes on the wire take 1230.4 ns at 10 GbE and 61.52 ns at 200 GbE", () => {
  expect(wireTimeNs(1518, 10)).toBe(1230.4);
  expect(wireTimeNs(1518, 200)).toBe(61.52);
});

test("a cache miss costs more than a hit, and a system call more than a locked operation", async () => {
  const guess = predict(100, "ns");
  const costs = outcomeOf(await measure.componentCosts({ guess, rounds: 15, gate: anyMachine }));
  expect(costs.cacheMiss.ns).toBeGreaterThan(costs.cacheHit.ns);
  expect(costs.syscall.ns).toBeGreaterThan(costs.atomic.ns);
  expect(Object.values(costs).map(({ samplesNs }) => samplesNs.length)).toEqual([15, 15, 15, 15, 15, 15]);
});
