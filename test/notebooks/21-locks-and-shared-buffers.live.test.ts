// The exact facts that notebook 21 stands on, and orders of times that hold on any machine with two CPUs.
import { measure, outcomeOf, predict } from "ringside/measure";
import { expect, test } from "vitest";
import { workInScratch } from "../scratch.js";

workInScratch("locks-and-shared-buffers");

test("only the mutex ever asks the kernel", async () => {
  const { rows } = outcomeOf(await measure.queueCalls({ guess: predict(1, "calls"), entries: 20_000 }));
  const calls = Object.fromEntries(rows.map(({ way, futex }) => [way, futex]));
  expect(calls).toMatchObject({ "spin lock": 0, ring: 0, "ring, batches": 0 });
  expect(calls.mutex).toBeGreaterThan(0);
});

test("refuses a number of entries that is none", async () => {
  const none = measure.queueCalls({ guess: predict(1, "calls"), entries: 0 });
  await expect(none).rejects.toThrow("Cannot hand over 0 entries: not a whole number above 0 -> try 20000");
});

test("the ring in batches is cheaper than the mutex", async () => {
  const params = { guess: predict(10, "ns"), gate: { minIdle: 0, maxSteal: 1 }, rounds: 10 };
  const { ways } = outcomeOf(await measure.queueCosts(params));
  expect(ways.map(({ way }) => way)).toEqual(["mutex", "spin lock", "ring", "ring, batches"]);
  expect(ways.at(-1)!.cost.ns * 2).toBeLessThan(ways[0]!.cost.ns);
});
