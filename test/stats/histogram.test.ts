import fc from "fast-check";
import { FixedHistogram, LogHistogram } from "ringside/stats";
import { describe, expect, test } from "vitest";

const whole = fc.oneof(fc.nat(1000), fc.nat(2 ** 31 - 1), fc.maxSafeNat());

describe("LogHistogram", () => {
  test("puts every value into a bucket that holds it and is narrow for its size", () => {
    fc.assert(
      fc.property(whole, fc.integer({ min: 1, max: 12 }), (value, bits) => {
        const histogram = new LogHistogram(bits);
        histogram.recordValue(value);
        const [bucket, ...others] = histogram.buckets();
        expect(others).toEqual([]);
        expect(bucket!.low <= value && value <= bucket!.high).toBe(true);
        expect(bucket!.high - bucket!.low).toBeLessThanOrEqual(value / 2 ** bits);
      }),
    );
  });

  test("knows the edges of its range: 0, 2^32 and 2^53 - 1", () => {
    const histogram = new LogHistogram();
    for (const value of [0, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER]) histogram.recordValue(value);
    expect(histogram.count).toBe(4);
    expect([histogram.min, histogram.max]).toEqual([0, Number.MAX_SAFE_INTEGER]);
    expect(histogram.quantile(1)).toBe(Number.MAX_SAFE_INTEGER);
    expect(histogram.buckets()).toHaveLength(4);
  });

  test("gives quantiles within its precision of the exact ones", () => {
    fc.assert(
      fc.property(
        fc.array(whole, { minLength: 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, p) => {
          const histogram = new LogHistogram();
          for (const value of values) histogram.recordValue(value);
          const sorted = values.slice().sort((a, b) => a - b);
          const exact = sorted[Math.max(1, Math.ceil(p * sorted.length)) - 1];
          const read = histogram.quantile(p);
          expect(read >= exact && read <= exact * (1 + 1 / 128)).toBe(true);
        },
      ),
    );
  });

  test("adds up two threads' counts, and refuses another precision", () => {
    const [one, two] = [new LogHistogram(), new LogHistogram()];
    one.recordValue(10);
    two.recordValue(10);
    two.recordValue(5000);
    one.add(two);
    expect(one.count).toBe(3);
    expect(one.buckets().map((bucket) => bucket.count)).toEqual([2, 1]);
    expect(one.max).toBe(5000);
    expect(() => one.add(new LogHistogram(3))).toThrow("buckets differ");
  });

  test("takes counts that somebody else kept by its rule, and refuses more than it has", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(2 ** 31 - 1), { minLength: 1 }), (values) => {
        const own = new LogHistogram();
        for (const value of values) own.recordValue(value);
        const counts = new Array<number>(3840).fill(0);
        for (const value of values) {
          const exponent = 31 - Math.clz32(value);
          counts[value < 128 ? value : (exponent - 7) * 128 + (value >>> (exponent - 7))]! += 1;
        }
        const other = new LogHistogram();
        other.addCounts(counts);
        expect(other.buckets()).toEqual(own.buckets());
        expect(other.count).toBe(own.count);
        expect(other.min <= own.min && own.max <= other.max).toBe(true);
      }),
    );
    expect(() => new LogHistogram(3).addCounts(new Array(3840).fill(0))).toThrow(/3 precision bits has 408/);
  });

  test("refuses negative values, NaN, an empty quantile and a silly precision", () => {
    const histogram = new LogHistogram();
    expect(() => histogram.recordValue(-1)).toThrow("Cannot record -1");
    expect(() => histogram.recordValue(Number.NaN)).toThrow(RangeError);
    expect(() => histogram.quantile(0.5)).toThrow("of 0 values");
    expect(() => new LogHistogram(0)).toThrow(RangeError);
    expect(histogram.count).toBe(0);
  });

  test("records a million values without growing the heap", () => {
    const histogram = new LogHistogram();
    for (let i = 0; i < 10_000; i++) histogram.recordValue(i);
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < 1_000_000; i++) histogram.recordValue(i & 0xfffff);
    const grownPerValue = (process.memoryUsage().heapUsed - before) / 1_000_000;
    expect(grownPerValue).toBeLessThan(4);
  });
});

describe("FixedHistogram", () => {
  test("loses no value: bins, below and above add up to the count", () => {
    const value = fc.double({ noNaN: true, min: -20, max: 120 });
    fc.assert(
      fc.property(fc.array(value), fc.integer({ min: 1, max: 50 }), (values, bins) => {
        const histogram = new FixedHistogram(0, 100, bins);
        for (const v of values) histogram.recordValue(v);
        const binned = histogram.buckets().reduce((sum, bucket) => sum + bucket.count, 0);
        expect(histogram.below).toBe(values.filter((v) => v < 0).length);
        expect(histogram.above).toBe(values.filter((v) => v >= 100).length);
        expect(binned + histogram.below + histogram.above).toBe(values.length);
        expect(histogram.count).toBe(values.length);
      }),
    );
  });

  test("puts a value on a bin's edge into the bin that starts there", () => {
    const histogram = new FixedHistogram(0, 10, 10);
    histogram.recordValue(3);
    expect(histogram.buckets()).toEqual([{ low: 3, high: 4, count: 1 }]);
  });

  test("refuses an empty range, no bins and NaN", () => {
    expect(() => new FixedHistogram(1, 1, 10)).toThrow(RangeError);
    expect(() => new FixedHistogram(0, 1, 0)).toThrow(RangeError);
    expect(() => new FixedHistogram(0, 1, 1).recordValue(Number.NaN)).toThrow(RangeError);
  });
});
