// The exact facts that notebook 12 stands on, and the one order of times that no machine can turn round.
import { measure, outcomeOf, predict } from "ringside/measure";
import { expect, test } from "vitest";
import { workInScratch } from "../scratch.js";

workInScratch("exception-less-syscalls");

test("a read takes one call, a batch takes one call, and a polled batch takes none", async () => {
  const params = { reads: 256, batches: [1, 4, 64] };
  const { ways } = outcomeOf(await measure.exceptionLessCalls({ guess: predict(4, "calls"), ...params }));
  expect(ways.map(({ way, batch, calls }) => `${way}, ${batch}: ${calls}`)).toEqual([
    "one call a read, 1: 256",
    "one call a batch, 1: 256",
    "one call a batch, 4: 64",
    "one call a batch, 64: 4",
    "polled, 1: 0",
    "polled, 4: 0",
    "polled, 64: 0",
  ]);
});

test("refuses batches that do not divide the reads", async () => {
  const odd = measure.exceptionLessCalls({ guess: predict(1, "calls"), reads: 100, batches: [64] });
  await expect(odd).rejects.toThrow("Cannot make 100 reads in batches of 64: reads must be a multiple");
});

test("a batch of one is dearer than a large one, and an idle polling thread keeps its CPU", async () => {
  const outcome = outcomeOf(
    await measure.exceptionLessCosts({
      guess: predict(400, "ns"),
      gate: { minIdle: 0, maxSteal: 1 },
      batches: [1, 64],
      readsBetween: 16,
      rounds: 10,
    }),
  );
  const [one, many] = outcome.points;
  expect(one!.oneCall.ns).toBeGreaterThan(many!.oneCall.ns);
  expect(outcome.bills.polled!.poller).toBeGreaterThan(0);
  expect(outcome.bills.plain.poller).toBeLessThan(outcome.bills.plain.own / 4);
  expect(outcome.idlePollerShare).toBeGreaterThan(0.1);
});
