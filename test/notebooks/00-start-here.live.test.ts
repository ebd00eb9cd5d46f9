// What notebook 00-start-here says must be there to say: an answer of the doctor for each name, and pairs of identical runs.
import { measure, outcomeOf, predict } from "ringside/measure";
import { probeAll, tierOf } from "ringside/sys";
import { expect, test } from "vitest";

/** The test is about what is counted, not about time, so it may run on a busy machine. */
const anyMachine = { minIdle: 0, maxSteal: 1, waitMs: 1500 };

test("the doctor answers everything once, with a reason, and names a tier", async () => {
  const probes = await probeAll();
  expect(new Set(probes.map(({ name }) => name)).size).toBe(probes.length);
  expect(probes.filter(({ reason }) => reason === "")).toEqual([]);
  expect(tierOf(probes).tier).toMatch(/^T[0-3]$/);
});

test("the noise floor compares identical runs, pair by pair, and is judged against the guess", async () => {
  const result = await measure.noiseFloor({ guess: predict(1, "%"), pairs: 10, gate: anyMachine });
  const { inTurns, oneAfterTheOther, noisePercent } = outcomeOf(result);
  expect([inTurns.n, oneAfterTheOther.n]).toEqual([10, 10]);
  expect(noisePercent).toBeCloseTo(inTurns.noise * 100);
  // A floor taken from the same pairs covers their interval, so no claim about them can stand.
  expect([inTurns.verdict, oneAfterTheOther.verdict]).toEqual(["inconclusive", "inconclusive"]);
  expect(result.status === "ok" && result.guess.guess.unit).toBe("%");
});
