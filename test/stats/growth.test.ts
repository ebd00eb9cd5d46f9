import { growthPercent } from "ringside/stats";
import { expect, test } from "vitest";

test("a value that doubles every year grows by 100 % a year, over any number of years", () => {
  for (const years of [0.5, 1, 7, 40]) {
    expect(
      growthPercent({ year: 1980, value: 3 }, { year: 1980 + years, value: 3 * 2 ** years }),
    ).toBeCloseTo(100, 9);
  }
});

test("a value that halves in ten years shrinks by 6.7 % a year", () => {
  expect(growthPercent({ year: 2000, value: 2 }, { year: 2010, value: 1 })).toBeCloseTo(-6.7, 1);
});

test("refuses years that do not go forward, and values without a logarithm", () => {
  const point = { year: 2000, value: 1 };
  expect(() => growthPercent(point, point)).toThrow("it takes a later year and values above 0");
  expect(() => growthPercent(point, { year: 2001, value: 0 })).toThrow(RangeError);
});
