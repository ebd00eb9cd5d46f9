import { measure, outcomeOf, predict } from "ringside/measure";
import { expect, test } from "vitest";

test("only pass makes socket buffers in native mode, and every verdict does in generic mode", async () => {
  const frames = 2000;
  const result = await measure.verdictCounts({ frames, guess: predict(0, "skbs") });
  const { counts, nativeSkbs } = outcomeOf(result);
  expect(counts).toHaveLength(12);
  for (const { ending, mode, said, ended, skbs, unaccounted } of counts) {
    const costs = mode === "generic" || ending === "pass";
    expect({ ending, mode, said, ended, skbs, unaccounted }).toEqual({
      ending,
      mode,
      said: frames,
      ended: frames,
      skbs: costs ? frames : 0,
      unaccounted: 0,
    });
  }
  expect(nativeSkbs).toBe(0);
});

test("a redirect to an end where nobody polls loses everything, and no counter says so", async () => {
  const { rows } = outcomeOf(await measure.deafEnd({ frames: 1000, guess: predict(0, "packets") }));
  const [tx, redirect] = rows.map(({ listening, deaf }) => [listening.ended, deaf.ended, deaf.unaccounted]);
  expect(tx).toEqual([1000, 0, 0]);
  expect(redirect).toEqual([1000, 0, 1000]);
});

test("native drop beats redirect and generic drop, and no packet is lost uncounted", async () => {
  const gate = { minIdle: 0, maxSteal: 1 };
  const result = await measure.verdictRates({ rounds: 10, guess: predict(2, "×"), gate });
  const { modes, redirect, rates } = outcomeOf(result);
  expect(modes.medianRatio).toBeGreaterThan(1.2);
  expect(redirect.medianRatio).toBeGreaterThan(1);
  expect(Object.values(rates).map(({ unaccounted }) => unaccounted)).toEqual(Object.keys(rates).map(() => 0));
});

test("each packet that came to its verdict's end has a time, and the table says where that ends", async () => {
  const gate = { minIdle: 0, maxSteal: 1 };
  const guess = predict(2, "×");
  const result = await measure.verdictLatencies({ rounds: 4, packets: 200, guess, gate });
  const { verdicts } = outcomeOf(result);
  for (const { offered, received, timed, mediansNs, timedUntil } of Object.values(verdicts)) {
    expect({ offered, received, timed }).toEqual({ offered: 800, received: 800, timed: 800 });
    expect(mediansNs).toHaveLength(4);
    expect(timedUntil).not.toBe("");
  }
  expect(verdicts.tx.timedUntil).toMatch(/round trip/);
});
