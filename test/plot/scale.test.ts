import fc from "fast-check";
import { formatQuantity, linearTicks, logTicks, makeScale } from "ringside/plot";
import { describe, expect, test } from "vitest";

describe("a linear scale", () => {
  test("puts ticks on round numbers and the unit that suits them into the caption", () => {
    const scale = makeScale({ label: "latency", unit: "ns" }, [0, 48_000], [0, 500], true);
    expect(scale.ticks.map((tick) => tick.label)).toEqual(["0", "10", "20", "30", "40", "50"]);
    expect(scale.caption).toBe("latency (µs)");
    expect(scale.at(scale.low)).toBe(0);
    expect(scale.at(25_000)).toBeCloseTo(250);
  });

  test("has no dust on its ticks", () => {
    expect(linearTicks(0, 1, 0.1)).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]);
  });

  test("makes room for a single value", () => {
    for (const value of [0, 7, -7, 1e12, 1e-9]) {
      const scale = makeScale({ label: "x", unit: "" }, [value], [0, 100]);
      expect(scale.low).toBeLessThanOrEqual(value);
      expect(scale.high).toBeGreaterThan(scale.low);
    }
  });
});

describe("a logarithmic scale", () => {
  test("gives equal ratios equal room", () => {
    const scale = makeScale({ label: "t", unit: "ns", scale: "log" }, [1, 1e6], [0, 600]);
    expect(scale.at(100) - scale.at(10)).toBeCloseTo(scale.at(1e5) - scale.at(1e4), 9);
    expect(scale.ticks.map((tick) => tick.label)).toEqual([
      "1 ns",
      "10 ns",
      "100 ns",
      "1 µs",
      "10 µs",
      "100 µs",
      "1 ms",
    ]);
    expect(scale.caption).toBe("t (log scale)");
  });

  test("ticks 1, 2, 5 over two decades, whole decades over many, multiples within one", () => {
    expect(logTicks(1, 100)).toEqual([1, 2, 5, 10, 20, 50, 100]);
    expect(logTicks(1, 1e12)).toEqual([1, 100, 1e4, 1e6, 1e8, 1e10, 1e12]);
    expect(logTicks(0.6, 1.7)).toEqual([0.6, 0.8, 1, 1.2, 1.4, 1.6]);
  });

  test("refuses 0 and negative values", () => {
    expect(() => makeScale({ label: "t", unit: "", scale: "log" }, [0, 1], [0, 1])).toThrow("has no 0");
    expect(() => makeScale({ label: "t", unit: "", scale: "log" }, [-1], [0, 1])).toThrow(RangeError);
  });
});

describe("any scale", () => {
  const positive = fc.double({ min: 1e-9, max: 1e15, noNaN: true });

  test("keeps all values and ticks between its ends, in order, with a handful of ticks", () => {
    fc.assert(
      fc.property(fc.array(positive, { minLength: 1 }), fc.constantFrom("linear", "log"), (values, kind) => {
        const scale = makeScale(
          { label: "x", unit: "ns", scale: kind as "linear" | "log" },
          values,
          [50, 700],
        );
        const slack = 1e-9 * Math.max(Math.abs(scale.low), Math.abs(scale.high));
        for (const value of [...values, ...scale.ticks.map((tick) => tick.value)]) {
          expect(value).toBeGreaterThanOrEqual(scale.low - slack);
          expect(value).toBeLessThanOrEqual(scale.high + slack);
          expect(scale.at(value)).toBeGreaterThanOrEqual(50);
          expect(scale.at(value)).toBeLessThanOrEqual(700);
        }
        const [least, most] = [Math.min(...values), Math.max(...values)];
        expect(scale.at(most)).toBeGreaterThanOrEqual(scale.at(least));
        expect(scale.ticks.length).toBeGreaterThanOrEqual(2);
        expect(scale.ticks.length).toBeLessThanOrEqual(14);
      }),
      { numRuns: 500 },
    );
  });
});

describe("formatQuantity", () => {
  test.each([
    [0, "ns", "0 ns"],
    [61.52, "ns", "61.5 ns"],
    [999.7, "ns", "1 µs"],
    [1e12, "ns", "1000 s"],
    [4.95e6, "pps", "4.95 Mpps"],
    [2.5e10, "bit/s", "25 Gbit/s"],
    [65_536, "frames", "65\u202f536 frames"],
    [9_999_999, "", "9\u202f999\u202f999"],
    [12_500_000.5, "", "12.5M"],
    [999_990_000_001, "", "1T"],
    [1.4236, "×", "1.42×"],
    [0.00001, "", "1e-5"],
    [1e21, "", "1e21"],
    [-1234, "", "-1\u202f234"],
  ])("writes %d in %j as %j", (value, unit, text) => {
    expect(formatQuantity(value, unit)).toBe(text);
  });
});
