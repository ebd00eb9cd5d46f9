// The exact facts that notebook 21 stands on, and orders of times that hold on any machine with two CPUs.
import { measure, outcomeOf, predict } from "ringside/measure";
import { allowedCpus } from "ringside/sys";
import { expect, test } from "vitest";
import { workInScratch } from "../scratch.js";

workInScratch("locks-and-shared-buffers");

test("only the mutex ever asks the kernel", async () => {
  const { rows } = outcomeOf(await measure.queueCalls({ guess: predict(1, "calls"), entries: 20_000 }));
  const calls = Object.fromEntries(rows.map(({ way, futex }) => [way, futex]));
  expect(calls).toMatchObject({ "spin lock": 0, ring: 0, "ring, batches": 0 });
  expect(calls.mutex).toBeGreaterThan(0);
  expect(rows.map(({ waitNs }) => waitNs > 0)).toEqual([true, false, false, false]);
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

const PIPE_CALL = /^(anon_)?pipe_(read|write)$/;

test.runIf(allowedCpus().length >= 2)(
  "two threads sleep for the owner of a connection that they share, never for that of one each; a pipe has a mutex",
  async () => {
    const { rows } = outcomeOf(await measure.socketLocks({ guess: predict(1, "waits") }));
    const sleeps = Object.fromEntries(rows.map(({ wire, socketWaits }) => [wire, socketWaits]));
    expect(sleeps).toMatchObject({ "a connection each": 0, "one pipe": 0, "a pipe each": 0 });
    expect(sleeps["one connection"]).toBeGreaterThan(0);
    const pipesMutex = rows.map(({ contentions }) =>
      contentions.some(({ lock, site }) => lock === "mutex" && PIPE_CALL.test(site)),
    );
    expect(pipesMutex).toEqual([false, false, true, false]);
  },
);
