import { findRate, NDR, PDR, type SearchSpec, type Trial } from "ringside/paths";
import { describe, expect, test } from "vitest";

const SPEC: SearchSpec = { ...NDR, lowPps: 1000, highPps: 4_000_000, precision: 0.01, confirmations: 3 };

/** A path that handles so many packets a second and loses the rest, behind a source that has a limit, too. */
function path(
  capacityPps: number,
  sourcePps = Number.POSITIVE_INFINITY,
): (ratePps: number) => Promise<Trial> {
  return async (ratePps) => {
    const offeredPps = Math.min(ratePps, sourcePps);
    const offered = Math.round(offeredPps / 10);
    return { ratePps, offeredPps, offered, lost: Math.max(0, offered - Math.round(capacityPps / 10)) };
  };
}

describe("the search for the largest rate without loss", () => {
  test.each([1_500, 40_000, 777_777, 3_999_000])(
    "finds %i packets a second to one percent",
    async (capacity) => {
      const { ratePps, confirmed, limit } = await findRate(path(capacity), SPEC);
      expect(ratePps).toBeGreaterThan(0.97 * capacity);
      expect(ratePps).toBeLessThanOrEqual(capacity + 5);
      expect({ confirmed, limit }).toEqual({ confirmed: true, limit: "loss" });
    },
  );

  test("allows the loss that it is told to allow", async () => {
    const { ratePps } = await findRate(path(1_000_000), { ...SPEC, ...PDR, precision: 0.0005 });
    expect(ratePps).toBeGreaterThan(1_004_000);
    expect(ratePps).toBeLessThan(1_005_100);
  });

  test("is not misled by one unlucky trial at each rate", async () => {
    const tried = new Set<number>();
    const honest = path(500_000);
    const { ratePps, confirmed } = await findRate(async (rate) => {
      const trial = await honest(rate);
      const isFirst = !tried.has(rate);
      tried.add(rate);
      return isFirst ? { ...trial, lost: trial.lost + 1 } : trial;
    }, SPEC);
    expect(ratePps).toBeGreaterThan(480_000);
    expect(confirmed).toBe(true);
  });

  test("steps down from a rate that does not hold when it is confirmed", async () => {
    let trials = 0;
    const honest = path(500_000);
    const { ratePps, confirmed } = await findRate(async (rate) => {
      const trial = await honest(rate);
      return ++trials > 12 && rate > 400_000 ? { ...trial, lost: 1 } : trial;
    }, SPEC);
    expect(ratePps).toBeLessThanOrEqual(400_000);
    expect(confirmed).toBe(true);
  });

  test("says that the source was the limit where nothing was lost", async () => {
    const { ratePps, limit } = await findRate(path(9_000_000, 700_000), SPEC);
    expect(limit).toBe("source");
    expect(ratePps).toBeLessThan(730_000);
  });

  test("gives 0 where even the lowest rate loses, and the top of the range where nothing does", async () => {
    expect(await findRate(path(500), SPEC)).toMatchObject({ ratePps: 0, confirmed: false });
    expect(await findRate(path(9_000_000), SPEC)).toMatchObject({ ratePps: 4_000_000, limit: "range" });
  });

  test.each([
    { name: "loss", of: path(500_000, 9_000_000) },
    { name: "source", of: path(9_000_000, 700_000) },
    { name: "range", of: path(9_000_000) },
  ])(
    "asked for the second time, with half a percent, makes no trial twice where the limit is $name",
    async ({ of, name }) => {
      const spec = { ...SPEC, precision: 0.002 };
      const ndr = await findRate(of, spec);
      const alone = await findRate(of, { ...spec, ...PDR });
      const pdr = await findRate(of, { ...spec, ...PDR, known: ndr.trials });
      expect(pdr).toMatchObject({ confirmed: true, limit: name });
      expect(pdr.ratePps / alone.ratePps).toBeCloseTo(1, 2);
      expect(pdr.ratePps).toBeGreaterThanOrEqual(ndr.ratePps);
      const tried = new Set(ndr.trials.map(({ ratePps }) => ratePps));
      const again = pdr.trials.filter(({ ratePps }) => tried.has(ratePps) && ratePps !== pdr.ratePps);
      expect(again).toEqual([]);
      expect(pdr.trials.length).toBeLessThan(alone.trials.length);
    },
  );

  test("refuses a range in which there is nothing to search", async () => {
    await expect(findRate(path(1), { ...SPEC, lowPps: 10, highPps: 10 })).rejects.toThrow(/from 10 to 10/);
    await expect(findRate(path(1), { ...SPEC, precision: 0 })).rejects.toThrow(/to 0 with a loss/);
  });
});
