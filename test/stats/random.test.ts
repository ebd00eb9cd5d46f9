import fc from "fast-check";
import { seededRandom, shuffle } from "ringside/stats";
import { describe, expect, test } from "vitest";

describe("seededRandom", () => {
  test("gives the numbers that mulberry32 in C gives for seed 1", () => {
    const random = seededRandom(1);
    const raw = [0, 1, 2, 3].map(() => random() * 2 ** 32);
    expect(raw).toEqual([2693262067, 11749833, 2265367787, 4213581821]);
  });

  test("repeats itself for the same seed and stays within 0 and 1", () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const [first, second] = [seededRandom(seed), seededRandom(seed)];
        for (let i = 0; i < 20; i++) {
          const value = first();
          expect(value).toBe(second());
          expect(value >= 0 && value < 1).toBe(true);
        }
      }),
    );
  });

  test("fills ten equal bins evenly: chi-squared of 100 000 numbers stays under the 99.9 % point", () => {
    const random = seededRandom(42);
    const bins = new Array<number>(10).fill(0);
    for (let i = 0; i < 100_000; i++) bins[Math.floor(random() * 10)] += 1;
    const chiSquared = bins.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    expect(chiSquared).toBeLessThan(27.88);
  });

  test("refuses a seed that is not an integer", () => {
    expect(() => seededRandom(Number.NaN)).toThrow(RangeError);
    expect(() => seededRandom(0.5)).toThrow("Cannot seed a generator with 0.5");
  });
});

describe("shuffle", () => {
  test("keeps every item and leaves its argument alone", () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.integer(), (items, seed) => {
        const before = items.slice();
        const after = shuffle(items, seededRandom(seed));
        expect(items).toEqual(before);
        expect(after.slice().sort()).toEqual(before.slice().sort());
      }),
    );
  });

  test("gives each of the six orders of three items about equally often", () => {
    const random = seededRandom(7);
    const seen = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = shuffle(["a", "b", "c"], random).join("");
      seen.set(order, (seen.get(order) ?? 0) + 1);
    }
    expect(seen.size).toBe(6);
    for (const count of seen.values()) expect(Math.abs(count - 1000)).toBeLessThan(120);
  });
});
