import fc from "fast-check";
import { median, quantile } from "ringside/stats";
import { describe, expect, test } from "vitest";

const samples = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 }), {
  minLength: 1,
});

describe("quantile", () => {
  test("agrees with R's quantile(c(1, 2, 4, 8, 16), type = 7)", () => {
    const values = [16, 1, 8, 2, 4];
    expect([0, 0.1, 0.25, 0.5, 0.75, 0.9, 1].map((p) => quantile(values, p))).toEqual([
      1,
      expect.closeTo(1.4, 12),
      2,
      4,
      8,
      expect.closeTo(12.8, 12),
      16,
    ]);
  });

  test("orders numbers as numbers, not as text", () => {
    expect(median([9, 10, 100])).toBe(10);
  });

  test("stays, to the last bit, between the smallest and the largest value and never falls as the fraction rises", () => {
    fc.assert(
      fc.property(samples, (values) => {
        const path = [0, 0.1, 0.5, 0.9, 0.99, 1].map((p) => quantile(values, p));
        expect(path[0]).toBe(Math.min(...values));
        expect(path.at(-1)).toBe(Math.max(...values));
        for (let i = 1; i < path.length; i++) expect(path[i] >= path[i - 1]).toBe(true);
      }),
    );
  });

  test("takes the mean of the two middle values of an even number", () => {
    expect(median([1, 2, 3, 10])).toBe(2.5);
  });

  test("leaves its argument in its order", () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });

  test("refuses nothing, NaN, infinity and a fraction outside 0 to 1", () => {
    expect(() => median([])).toThrow(RangeError);
    expect(() => median([1, Number.NaN])).toThrow("value 1 of 2 is NaN");
    expect(() => median([Number.POSITIVE_INFINITY])).toThrow(RangeError);
    expect(() => quantile([1], 99)).toThrow("try 0.99");
  });
});
