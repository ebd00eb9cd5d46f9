import fc from "fast-check";
import { cdfPoints, cdfValueAt, LogHistogram } from "ringside/stats";
import { describe, expect, test } from "vitest";

describe("cdfPoints", () => {
  test("climbs from the smallest to the largest value and ends at 1", () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1 }), (values) => {
        const points = cdfPoints(values);
        expect(points.at(-1)!.fraction).toBe(1);
        expect(points.at(-1)!.value).toBe(Math.max(...values));
        for (const { value, fraction } of points) {
          expect(fraction).toBeCloseTo(values.filter((v) => v <= value).length / values.length, 12);
        }
      }),
    );
  });

  test("joins equal values into one step", () => {
    expect(cdfPoints([2, 1, 2, 2])).toEqual([
      { value: 1, fraction: 0.25 },
      { value: 2, fraction: 1 },
    ]);
  });

  test("reads a histogram's buckets", () => {
    const histogram = new LogHistogram();
    for (let i = 1; i <= 100; i++) histogram.recordValue(i);
    const points = cdfPoints(histogram.buckets());
    expect(cdfValueAt(points, 0.5)).toBe(50);
    expect(cdfValueAt(points, 0.99)).toBe(99);
    expect(cdfValueAt(points, 1)).toBe(100);
  });

  test("of nothing is nothing, and has no percentile", () => {
    expect(cdfPoints([])).toEqual([]);
    expect(() => cdfValueAt([], 0.5)).toThrow(RangeError);
  });

  test("refuses NaN and a bucket that ends before it starts", () => {
    expect(() => cdfPoints([Number.NaN])).toThrow("Cannot use sample 0");
    expect(() => cdfPoints([{ low: 2, high: 1, count: 1 }])).toThrow(RangeError);
  });
});
