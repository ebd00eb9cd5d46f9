import {
  barFigure,
  budgetFigure,
  bytesFigure,
  cdfFigure,
  flowFigure,
  framesFigure,
  histogramFigure,
  lineFigure,
  pairsFigure,
  predictionFigure,
  ringFigure,
} from "ringside/plot";
import { allocateRing, snapshotRing } from "ringside/ring";
import { describe, expect, test } from "vitest";
import { LIVE, ledgerOf } from "./samples.js";

const common = { title: "t", provenance: LIVE };
const axis = { label: "time", unit: "ns" };
const log = { ...axis, scale: "log" } as const;
const bad = [Number.NaN, Number.POSITIVE_INFINITY];

const drawn: Record<string, (value: number) => unknown> = {
  "a bar": (value) => barFigure({ ...common, axis, bars: [{ name: "a", value }] }),
  "a whisker": (high) => barFigure({ ...common, axis, bars: [{ name: "a", value: 1, high }] }),
  "a guess at a bar": (guess) => barFigure({ ...common, axis, bars: [{ name: "a", value: 1, guess }] }),
  "a published value": (value) =>
    barFigure({ ...common, axis, bars: [{ name: "a", value: 1, published: [{ value, source: "s" }] }] }),
  "a line's x": (x) =>
    lineFigure({ ...common, x: axis, y: axis, series: [{ name: "a", points: [{ x, y: 1 }] }] }),
  "a line's y": (y) =>
    lineFigure({ ...common, x: axis, y: axis, series: [{ name: "a", points: [{ x: 1, y }] }] }),
  "a line's interval": (low) =>
    lineFigure({ ...common, x: axis, y: axis, series: [{ name: "a", points: [{ x: 1, y: 1, low }] }] }),
  "a histogram's sample": (value) => histogramFigure({ ...common, axis, samples: [1, value] }),
  "a distribution's sample": (value) =>
    cdfFigure({ ...common, axis, series: [{ name: "a", samples: [1, value] }] }),
  "a prediction": (guess) =>
    predictionFigure({ ...common, axis, predictions: [{ name: "a", guess, measured: 1 }] }),
  "a result": (measured) =>
    predictionFigure({ ...common, axis, predictions: [{ name: "a", guess: 1, measured }] }),
  "a budget": (ns) => budgetFigure({ ...common, budgets: [{ name: "a", ns }], costs: [] }),
  "a cost": (ns) => budgetFigure({ ...common, budgets: [{ name: "a", ns: 1 }], costs: [{ name: "b", ns }] }),
  "a count": (out) =>
    flowFigure({
      ...common,
      stages: [
        { name: "a", out },
        { name: "b", out: 1 },
      ],
    }),
  "a field's place": (offset) =>
    bytesFigure({
      ...common,
      bytes: new Uint8Array(8),
      fields: [{ name: "f", offset, length: 1, value: "", layer: "l" }],
    }),
};

describe("NaN and infinity", () => {
  test.each(Object.entries(drawn))("are refused as %s, by name", (_what, draw) => {
    for (const value of bad) {
      expect(() => draw(value)).toThrow(RangeError);
      expect(() => draw(value)).toThrow(String(value));
    }
    expect(() => draw(1)).not.toThrow();
  });
});

describe("a figure of nothing", () => {
  test.each([
    () => barFigure({ ...common, axis, bars: [] }),
    () => lineFigure({ ...common, x: axis, y: axis, series: [] }),
    () => lineFigure({ ...common, x: axis, y: axis, series: [{ name: "a", points: [] }] }),
    () => histogramFigure({ ...common, axis, samples: [] }),
    () => histogramFigure({ ...common, axis: log, samples: [0] }),
    () => cdfFigure({ ...common, axis, series: [{ name: "a", samples: [] }] }),
    () => pairsFigure({ ...common, label: "r", rows: [] }),
    () => predictionFigure({ ...common, axis, predictions: [] }),
    () => framesFigure({ ...common, ledger: ledgerOf([]) }),
    () => bytesFigure({ ...common, bytes: new Uint8Array(), fields: [] }),
    () => budgetFigure({ ...common, budgets: [], costs: [] }),
    () => flowFigure({ ...common, stages: [{ name: "a", out: 1 }] }),
  ])("is refused with what to do (%#)", (draw) => {
    expect(draw).toThrow(RangeError);
    expect(draw).toThrow("->");
  });
});

describe("what would not be legible or true", () => {
  test("is refused: negative bars, 0 on a logarithmic line, a field outside the frame, a guess upside down", () => {
    expect(() => drawn["a bar"](-1)).toThrow("below 0");
    const points = [{ x: 1, y: 0 }];
    expect(() => lineFigure({ ...common, x: axis, y: log, series: [{ name: "a", points }] })).toThrow(
      'use scale "linear"',
    );
    expect(() => drawn["a field's place"](8)).toThrow("the frame has 8 bytes");
    const guess = { low: 2, high: 1 };
    expect(() =>
      predictionFigure({ ...common, axis, predictions: [{ name: "a", guess, measured: 1 }] }),
    ).toThrow("upside down");
    expect(() => drawn["a budget"](0)).toThrow("takes 0 ns");
    expect(() => drawn["a count"](1.5)).toThrow("not a count");
  });

  test("is refused: too many bars, series, slots, frames, stages", () => {
    const many = <T>(n: number, item: T): T[] => Array.from({ length: n }, () => item);
    expect(() => barFigure({ ...common, axis, bars: many(17, { name: "a", value: 1 }) })).toThrow(
      "split the figure",
    );
    const series = many(8, { name: "a", points: [{ x: 1, y: 1 }] });
    expect(() => lineFigure({ ...common, x: axis, y: axis, series })).toThrow("more than 7");
    const ring = snapshotRing(allocateRing(128, "addr"));
    expect(() => ringFigure({ ...common, name: "r", ring })).toThrow("draw a smaller ring");
    expect(() => framesFigure({ ...common, ledger: ledgerOf(many(32_769, "rx")) })).toThrow("draw a part");
    expect(() => flowFigure({ ...common, stages: many(6, { name: "a", out: 1 }) })).toThrow("join stages");
  });
});
