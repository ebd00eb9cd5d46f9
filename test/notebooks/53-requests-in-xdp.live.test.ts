import { measure, outcomeOf, predict } from "ringside/measure";
import { expect, test } from "vitest";

const answers = predict(0, "answers");

test("requests that XDP answers make no socket buffer, others one each, and every request has its right answer", async () => {
  const requests = 4000;
  const result = await measure.requestEvents({ requests, guess: predict(0, "skbs") });
  const { hits, misses, serverOnly } = outcomeOf(result);
  for (const [row, by, skbs] of [
    [hits, "fromCache", 0],
    [misses, "fromServer", requests],
    [serverOnly, "fromServer", requests],
  ] as const) {
    expect(row, row.name).toMatchObject({ [by]: requests, skbs, wrong: 0, unanswered: 0 });
  }
});

test("a cache that is told first is never stale; one that is told late is", async () => {
  const right = outcomeOf(await measure.cacheCoherence({ requests: 100_000, guess: answers }));
  expect([right.wrong, right.lostUpdates, right.unaccounted]).toEqual([0, 0, 0]);
  expect(right.versionsRisen).toBe(right.puts);
  const late = { order: "acknowledge first", requests: 300_000, cachedKeys: 4, putShare: 0.3 } as const;
  expect(outcomeOf(await measure.cacheCoherence({ ...late, guess: answers })).stale).toBeGreaterThan(0);
});

test("a server answers more with its cache in XDP, and a hit is answered sooner than a miss", async () => {
  const gate = { minIdle: 0, maxSteal: 100 };
  const result = await measure.requestRates({ rounds: 10, hitShares: [], guess: predict(2, "×"), gate });
  const { allHits, withCache, serverOnly } = outcomeOf(result);
  const [misses, hits] = withCache;
  expect(allHits.medianRatio).toBeGreaterThan(1.5);
  expect([misses!.hitRatio, hits!.hitRatio]).toEqual([0, 1]);
  expect(hits!.roundTripNs.median).toBeLessThan(misses!.roundTripNs.median);
  for (const rate of [serverOnly, ...withCache]) expect(rate.wrong, rate.name).toBe(0);
});
