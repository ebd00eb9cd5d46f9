import fc from "fast-check";
import { guessIn, judgeGuess, predict } from "ringside/measure";
import { describe, expect, test } from "vitest";

describe("predict", () => {
  test("takes a number or a range, 0 among them", () => {
    expect(predict(80, "ns")).toEqual({ low: 80, high: 80, unit: "ns" });
    expect(predict([0, 200], "skbs")).toEqual({ low: 0, high: 200, unit: "skbs" });
  });

  test("refuses what no measurement can give", () => {
    expect(() => predict(-1, "ns")).toThrow('try predict(80, "ns")');
    expect(() => predict([200, 50], "ns")).toThrow(RangeError);
    expect(() => predict(Number.POSITIVE_INFINITY, "ns")).toThrow(RangeError);
    expect(() => predict(Number.NaN, "ns")).toThrow(RangeError);
  });
});

describe("a guess in another unit", () => {
  test("is converted where the units measure the same", () => {
    expect(guessIn(predict([0.5, 2], "µs"), "ns")).toEqual({ low: 500, high: 2000, unit: "ns" });
    expect(guessIn(predict(3, "Mpps"), "kpps")).toEqual({ low: 3000, high: 3000, unit: "kpps" });
    expect(guessIn(predict(3, "x"), "×").high).toBe(3);
  });

  test("is refused where they do not, naming the unit to use", () => {
    expect(() => guessIn(predict(3, "skbs"), "ns")).toThrow('predict(3, "ns")');
    expect(() => guessIn(predict(3, "Mpps"), "ns")).toThrow(TypeError);
  });

  test("that is missing says how to make one", () => {
    expect(() => guessIn(undefined as never, "ns")).toThrow("Cannot measure without a guess");
  });
});

describe("judgeGuess", () => {
  test("says how many times a guess was off, and in which direction", () => {
    const judged = judgeGuess(predict(80, "ns"), 256, "ns");
    expect(judged).toMatchObject({ verdict: "too low", factor: 3.2, measured: 256 });
    expect(judged.text).toBe("you said 80 ns, measured 256 ns: 3.2× too low");
    expect(judgeGuess(predict(2, "µs"), 200, "ns").text).toContain("10× too high");
  });

  test("measures a range from its nearer end", () => {
    expect(judgeGuess(predict([50, 100], "ns"), 70, "ns")).toMatchObject({ verdict: "close", factor: 1 });
    expect(judgeGuess(predict([50, 100], "ns"), 200, "ns")).toMatchObject({ verdict: "too low", factor: 2 });
    expect(judgeGuess(predict([50, 100], "ns"), 25, "ns")).toMatchObject({ verdict: "too high", factor: 2 });
  });

  test("calls a guess close that is within ten per cent", () => {
    expect(judgeGuess(predict(100, "ns"), 109, "ns").verdict).toBe("close");
    expect(judgeGuess(predict(100, "ns"), 111, "ns").verdict).toBe("too low");
  });

  test("never divides by zero", () => {
    expect(judgeGuess(predict(0, "skbs"), 0, "skbs")).toMatchObject({ verdict: "close", factor: 1 });
    const none = judgeGuess(predict(0, "skbs"), 65_536, "skbs");
    expect(none).toMatchObject({ verdict: "too low", factor: null });
    expect(none.text).toBe("you said 0 skbs, measured 65536 skbs: too low");
    expect(judgeGuess(predict(5, "calls"), 0, "calls")).toMatchObject({ verdict: "too high", factor: null });
  });

  test("gives the same verdict whatever unit the guess was written in", () => {
    const positive = fc.double({ min: 1e-3, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(positive, positive, (guess, measured) => {
        const ns = judgeGuess(predict(guess, "ns"), measured, "ns");
        const us = judgeGuess(predict(guess, "ns"), measured / 1000, "µs");
        expect(us.factor).toBeCloseTo(ns.factor!, 6);
        expect(ns.factor).toBeGreaterThanOrEqual(1);
      }),
    );
  });
});
