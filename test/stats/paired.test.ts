import fc from "fast-check";
import { medianInterval, noiseFloor, pairedComparison, pairedRatios, seededRandom } from "ringside/stats";
import { describe, expect, test } from "vitest";

/** Twenty positive measurements around a centre, spread by a few per cent. */
function runs(centre: number, seed: number, n = 20): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: n }, () => centre * (1 + 0.04 * (random() - 0.5)));
}

describe("medianInterval", () => {
  test("holds the median, lies inside the data, and repeats for the same seed", () => {
    const positive = fc.array(fc.double({ min: 1e-3, max: 1e6, noNaN: true }), {
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(positive, fc.integer(), (values, seed) => {
        const { low, high } = medianInterval(values, { seed, resamples: 200 });
        expect(low <= high).toBe(true);
        expect(low >= Math.min(...values) && high <= Math.max(...values)).toBe(true);
        expect(medianInterval(values, { seed, resamples: 200 })).toEqual({ low, high });
      }),
      { numRuns: 50 },
    );
  });

  test("covers the true median in about 95 of 100 experiments", () => {
    const random = seededRandom(11);
    let covered = 0;
    for (let experiment = 0; experiment < 300; experiment++) {
      const values = Array.from({ length: 25 }, () => -Math.log(1 - random()));
      const { low, high } = medianInterval(values, { seed: experiment, resamples: 400 });
      if (low <= Math.LN2 && Math.LN2 <= high) covered += 1;
    }
    expect(covered / 300).toBeGreaterThan(0.9);
    expect(covered / 300).toBeLessThan(0.99);
  });

  test("of one value has no width", () => {
    expect(medianInterval([7])).toEqual({ low: 7, high: 7 });
  });

  test("refuses options that cannot work", () => {
    expect(() => medianInterval([1], { confidence: 95 })).toThrow("try 0.95");
    expect(() => medianInterval([1], { resamples: 10 })).toThrow(RangeError);
    expect(() => medianInterval([])).toThrow(RangeError);
  });
});

describe("pairedRatios", () => {
  test("refuse pairs without a partner, and zeros", () => {
    expect(() => pairedRatios([1, 2], [1])).toThrow("Cannot pair 2 with 1");
    expect(() => pairedRatios([], [])).toThrow(RangeError);
    expect(() => pairedRatios([1], [0])).toThrow("pair 0, 1 / 0");
    expect(() => pairedRatios([Number.NaN], [1])).toThrow(RangeError);
  });
});

describe("pairedComparison", () => {
  const noise = noiseFloor(runs(100, 1), runs(100, 2));

  test("finds a small noise floor in identical runs", () => {
    expect(noise).toBeGreaterThan(0);
    expect(noise).toBeLessThan(0.03);
  });

  test("supports 'a / b > 1' when a takes half as long again", () => {
    const result = pairedComparison(runs(150, 3), runs(100, 4), noise);
    expect(result.verdict).toBe("supports");
    expect(result.medianRatio).toBeCloseTo(1.5, 1);
    expect(result.reason).toContain("a / b > 1");
    expect(result.ratios).toHaveLength(20);
  });

  test("contradicts it when a is the shorter one", () => {
    expect(pairedComparison(runs(80, 3), runs(100, 4), noise).verdict).toBe("contradicts");
  });

  test("finds identical runs inconclusive", () => {
    const result = pairedComparison(runs(100, 5), runs(100, 6), noise);
    expect(result.verdict).toBe("inconclusive");
    expect(result.low).toBeLessThanOrEqual(1.03);
  });

  test("says a large noise floor in digits, not as a power of ten", () => {
    expect(pairedComparison(runs(100, 5), runs(100, 6), 1.74).reason).toContain("noise floor 170 %");
  });

  test("does not call a difference real that is smaller than the noise floor", () => {
    expect(pairedComparison(runs(105, 7), runs(100, 8), 0.1).verdict).toBe("inconclusive");
    expect(pairedComparison(runs(105, 7), runs(100, 8), 0.001).verdict).toBe("supports");
  });

  test("never settles anything with fewer than ten pairs", () => {
    const result = pairedComparison(runs(900, 1, 9), runs(100, 2, 9), 0);
    expect(result.verdict).toBe("inconclusive");
    expect(result.reason).toContain("9 pairs are fewer than 10");
  });

  test("judges other bounds and the other direction", () => {
    const claim = { relation: ">", bound: 0.95 } as const;
    expect(pairedComparison(runs(100, 1), runs(100, 2), 0.01, claim).verdict).toBe("supports");
    const less = { relation: "<", bound: 1 } as const;
    expect(pairedComparison(runs(80, 1), runs(100, 2), 0.01, less).verdict).toBe("supports");
    expect(pairedComparison(runs(150, 1), runs(100, 2), 0.01, less).verdict).toBe("contradicts");
  });

  test("swapping a and b swaps support and contradiction", () => {
    const opposite = { supports: "contradicts", contradicts: "supports", inconclusive: "inconclusive" };
    fc.assert(
      fc.property(fc.double({ min: 0.5, max: 2, noNaN: true }), fc.nat(1000), (factor, seed) => {
        const [a, b] = [runs(100 * factor, seed), runs(100, seed + 1)];
        const forward = pairedComparison(a, b, 0.02).verdict;
        expect(pairedComparison(b, a, 0.02).verdict).toBe(opposite[forward]);
      }),
      // A fixed seed: an interval that ends within a hair of the bound may round to either side.
      { numRuns: 40, seed: 1 },
    );
  });

  test("refuses a noise floor or a bound that means nothing", () => {
    expect(() => pairedComparison([1], [1], Number.NaN)).toThrow("measure it with noiseFloor");
    expect(() => pairedComparison([1], [1], 0, { relation: ">", bound: 0 })).toThrow(RangeError);
  });
});
