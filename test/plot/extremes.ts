// Figures of data that no lesson wants but every notebook meets some day: nothing but zeros, a single value, 1e12,
// names as long as a sentence and full of markup.

import {
  barFigure,
  budgetFigure,
  bytesFigure,
  cdfFigure,
  type Figure,
  flowFigure,
  framesFigure,
  histogramFigure,
  lineFigure,
  MOST_ROWS,
  pairsFigure,
  predictionFigure,
  ringFigure,
  sideBySideFigure,
  topologyFigure,
} from "ringside/plot";
import { allocateRing, FRAME_OWNERS, type FrameState, snapshotRing } from "ringside/ring";
import { pairedComparison } from "ringside/stats";
import { LIVE, ledgerOf, runs } from "./samples.js";

/** A name that must arrive as text, whole or cut short, and never as markup. */
export const HOSTILE = `<script>alert("x")</script> & <style>*{}</style> ' ${"\u0000"}${"\ud800"} a very long name indeed, longer than any slide is wide`;

const common = { title: HOSTILE, note: HOSTILE, provenance: { ...LIVE, machine: HOSTILE, kernel: HOSTILE } };
const log = { label: HOSTILE, unit: "ns", scale: "log" } as const;
const linear = { label: HOSTILE, unit: HOSTILE } as const;

export const EXTREMES: Readonly<Record<string, () => Figure>> = {
  "bars from 0 to 1e12": () =>
    barFigure({
      ...common,
      axis: log,
      bars: [
        { name: HOSTILE, value: 0, guess: 1e12 },
        { name: "", value: 1e12, guess: 0, published: [{ value: 1e13, source: HOSTILE }] },
        { name: "x", value: 3, low: 0, high: 1e6 },
      ],
    }),
  "a network of hostile names and huge counts": () =>
    topologyFigure({
      ...common,
      places: [0, 1, 2, 3].map((i) => ({
        host: HOSTILE,
        device: HOSTILE,
        floors:
          i === 3 ? [] : [null, { name: HOSTILE, entered: 1e15, counts: [{ packets: 0, what: HOSTILE }] }],
      })),
      links: [
        { from: 0, to: 3, packets: 1e15, what: HOSTILE, lost: 1e15 },
        { from: 3, to: 0, packets: 0, what: "" },
      ],
    }),
  "bars of nothing but 0": () => barFigure({ ...common, axis: linear, bars: [{ name: "a", value: 0 }] }),
  "logarithmic bars of nothing but 0": () =>
    barFigure({ ...common, axis: log, bars: [{ name: "a", value: 0 }] }),
  "a line of one point": () =>
    lineFigure({ ...common, x: linear, y: linear, series: [{ name: HOSTILE, points: [{ x: 0, y: 0 }] }] }),
  "a line of 100 000 points with negative values": () =>
    lineFigure({
      ...common,
      x: linear,
      y: linear,
      series: [
        {
          name: "s",
          points: Array.from({ length: 1e5 }, (_, i) => ({ x: i, y: Math.sin(i) * 1e12, low: -2e12 })),
        },
      ],
    }),
  "seven lines over twelve decades": () =>
    lineFigure({
      ...common,
      x: log,
      y: log,
      series: Array.from({ length: 7 }, (_, i) => ({
        name: HOSTILE,
        points: Array.from({ length: 200 }, (_, j) => ({
          x: 1 + j,
          y: 10 ** (((i + j) % 7) * 2),
          low: 1,
          high: 1e12,
        })),
      })),
    }),
  "a histogram of one value": () => histogramFigure({ ...common, axis: log, samples: [1e12] }),
  "a histogram of zeros": () => histogramFigure({ ...common, axis: linear, samples: [0, 0] }),
  "a distribution of one value": () =>
    cdfFigure({ ...common, axis: log, share: "tail", series: [{ name: HOSTILE, samples: [5] }] }),
  "four distributions of 50 000 values": () =>
    cdfFigure({
      ...common,
      axis: log,
      series: [1, 2, 3, 4].map((seed) => ({ name: HOSTILE, samples: runs(1000 * seed, 1.9, seed, 50_000) })),
    }),
  "one pair": () =>
    pairsFigure({
      ...common,
      label: HOSTILE,
      rows: [{ name: HOSTILE, comparison: pairedComparison([1e12], [1], 0) }],
    }),
  "600 pairs": () =>
    pairsFigure({
      ...common,
      label: HOSTILE,
      rows: [1, 2, 3].map((seed) => ({
        name: HOSTILE,
        comparison: pairedComparison(runs(1, 1.9, seed, 200), runs(1, 1.9, seed + 3, 200), 0.5),
      })),
    }),
  "predictions of 0 and 1e12": () =>
    predictionFigure({
      ...common,
      axis: log,
      predictions: [
        { name: HOSTILE, guess: 0, measured: 1e12 },
        { name: "b", guess: { low: 0, high: 1 }, measured: 0 },
      ],
    }),
  "a ring of one slot": () =>
    ringFigure({ ...common, name: HOSTILE, ring: snapshotRing(allocateRing(1, "addr")) }),
  "a ring of 64 slots about to wrap": () =>
    ringFigure({
      ...common,
      name: HOSTILE,
      ring: snapshotRing(allocateRing(64, "descriptor", 2 ** 32 - 1), 64),
    }),
  "one frame": () => framesFigure({ ...common, ledger: ledgerOf(["rx"]) }),
  "32 768 frames in all states": () => {
    const states: FrameState[] = [...FRAME_OWNERS, "leaked", "unseen", "duplicated"];
    return framesFigure({
      ...common,
      ledger: ledgerOf(Array.from({ length: 32_768 }, (_, i) => states[((i * 7919) >> 6) % states.length])),
    });
  },
  "one byte": () => bytesFigure({ ...common, bytes: Uint8Array.of(255), fields: [] }),
  "1500 bytes in 60 fields of nine layers": () =>
    bytesFigure({
      ...common,
      bytes: new Uint8Array(1500),
      fields: Array.from({ length: 60 }, (_, i) => ({
        name: `layer.field${i}`,
        offset: i * 2,
        length: 2,
        value: HOSTILE,
        layer: `layer${i % 9}`,
      })),
    }),
  "a budget of 1 ns and a cost of 1e12": () =>
    budgetFigure({
      ...common,
      budgets: [{ name: HOSTILE, ns: 1 }],
      costs: [
        { name: HOSTILE, ns: 1e12 },
        { name: "b", ns: 1e-3 },
      ],
    }),
  "a flow in which nothing flows": () =>
    flowFigure({
      ...common,
      stages: [
        { name: HOSTILE, detail: HOSTILE, out: 0 },
        { name: "b", out: 0 },
      ],
    }),
  "a flow of 1e12 that does not add up": () =>
    flowFigure({
      ...common,
      stages: [
        { name: "a", out: 1e12 },
        { name: HOSTILE, out: 1_234_567, drops: [{ count: 1, reason: HOSTILE }] },
        { name: "c", out: 2_000_000 },
        { name: "d", out: 2 },
        { name: "e", out: 1 },
      ],
    }),
  "as many side by side as fit": () =>
    sideBySideFigure({
      ...common,
      rows: Array.from({ length: MOST_ROWS }, (_, i) => ({
        name: HOSTILE,
        unit: "ns",
        a: 10 ** (i % 12),
        b: 5,
      })),
    }),
};
