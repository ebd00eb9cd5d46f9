// The honest picture of a comparison: every pair is a dot, the interval of the median is a thick line, and the grey band
// around 1 is how far identical code differed from itself in the same run. What does not leave the band is no result.

import type { PairedComparison, Verdict } from "../stats/index.js";
import { type Area, drawXAxis, drawXGrid, X_AXIS_HEIGHT } from "./axis.js";
import { requireAtMost, requireSome } from "./check.js";
import { type Figure, type FigureSpec, MARGIN, makeFigure, WIDTH } from "./figure.js";
import { HAIRLINE, HUES, INK, MUTED, PAPER } from "./palette.js";
import { formatNumber } from "./quantity.js";
import { makeScale, type Scale } from "./scale.js";
import { box, element, group, label, stroke, tenth } from "./svg.js";
import { fitText, textWidth } from "./text-width.js";

/** One comparison. */
export interface PairsRow {
  /** What was divided by what, e.g. `native drop / generic drop`. */
  readonly name: string;
  readonly comparison: PairedComparison;
}

/** What pairsFigure draws. */
export interface PairsSpec extends FigureSpec {
  /** What the ratio is of, e.g. `ratio of packet rates`. */
  readonly label: string;
  /** One to six comparisons on one axis. */
  readonly rows: readonly PairsRow[];
}

const ROW_HEIGHT = 136;
const STRIP_TOP = 34;
const STRIP_HEIGHT = 72;
/** The upper part of a strip is for the dots, the rest for median and interval. */
const DOTS_HEIGHT = 46;

/**
 * Draws all dots of paired ratios, median, interval, noise floor and verdict.
 *
 * @throws RangeError where there is nothing to draw, there are more than 600 pairs, or a ratio is not positive
 */
export function pairsFigure(spec: PairsSpec): Figure {
  const { rows } = spec;
  requireSome(rows, `comparisons in "${spec.title}"`);
  requireAtMost(rows.length, 6, "comparisons", "split the figure");
  const values = rows.flatMap(({ comparison: c }) => [
    ...c.ratios,
    c.low,
    c.high,
    1 + c.noise,
    1 / (1 + c.noise),
    c.claim.bound,
  ]);
  requireAtMost(
    rows.reduce((sum, row) => sum + row.comparison.n, 0),
    600,
    "pairs",
    "split the figure",
  );
  const area: Area = { left: MARGIN, right: WIDTH - MARGIN, top: 0, bottom: rows.length * ROW_HEIGHT };
  const x = makeScale({ label: spec.label, unit: "×", scale: "log" }, values, [area.left, area.right]);
  const drawing = drawXAxis(x, area) + rows.map((row, i) => drawRow(row, x, i * ROW_HEIGHT, area)).join("");
  return makeFigure(spec, drawing, area.bottom + X_AXIS_HEIGHT, rows.map(describe));
}

function drawRow({ name, comparison }: PairsRow, x: Scale, top: number, area: Area): string {
  const { ratios, low, high, medianRatio, noise, claim } = comparison;
  const [stripTop, stripEnd] = [top + STRIP_TOP, top + STRIP_TOP + STRIP_HEIGHT];
  const y = (stripTop + DOTS_HEIGHT + stripEnd) / 2;
  const [bandLeft, bandRight] = [x.at(1 / (1 + noise)), x.at(1 + noise)];
  const median = x.at(medianRatio);
  const bound = claim.bound === 1 ? "" : guide(x.at(claim.bound), stripTop, stripEnd, "4 3");
  return [
    drawHead(name, comparison, top),
    drawXGrid(x, { ...area, top: stripTop, bottom: stripEnd }),
    box(bandLeft, stripTop, Math.max(1, bandRight - bandLeft), STRIP_HEIGHT, {
      fill: HAIRLINE,
      opacity: "0.75",
    }),
    guide(x.at(1), stripTop, stripEnd),
    bound,
    drawDots(ratios, x, stripTop + DOTS_HEIGHT / 2),
    stroke(x.at(low), y, x.at(high), y, { stroke: HUES.vermillion.fill, "stroke-width": 6 }),
    stroke(median, y - 10, median, y + 10, { stroke: PAPER, "stroke-width": 7 }),
    stroke(median, y - 10, median, y + 10, { stroke: HUES.vermillion.ink, "stroke-width": 4 }),
    label(MARGIN, stripEnd + 18, figuresOf(comparison), { "font-size": 12, fill: MUTED }),
  ].join("");
}

function guide(x: number, top: number, bottom: number, dashes?: string): string {
  return stroke(x, top, x, bottom, { stroke: INK, "stroke-width": "1.5", "stroke-dasharray": dashes });
}

const VERDICTS: Readonly<
  Record<Verdict, { readonly mark: string; readonly ink: string; readonly tint: string }>
> = {
  supports: { mark: "✓", ink: HUES.green.ink, tint: HUES.green.tint },
  contradicts: { mark: "✗", ink: HUES.vermillion.ink, tint: HUES.vermillion.tint },
  inconclusive: { mark: "?", ink: INK, tint: "#E7EBEF" },
};

function drawHead(name: string, { verdict, claim }: PairedComparison, top: number): string {
  const { mark, ink, tint } = VERDICTS[verdict];
  const word = `${mark} ${verdict}${verdict === "inconclusive" ? ":" : ""} ratio ${claim.relation} ${claim.bound}`;
  const width = textWidth(word, { size: 13, bold: true }) + 20;
  const left = WIDTH - MARGIN - width;
  const words = { "font-weight": "bold", fill: ink, "text-anchor": "middle" };
  return group(
    {},
    label(MARGIN, top + 21, fitText(name, left - MARGIN - 12, { size: 14, bold: true }), {
      "font-size": 14,
      "font-weight": "bold",
    }),
    box(left, top + 5, width, 22, { rx: 11, fill: tint }),
    label(left + width / 2, top + 20.5, word, words),
  );
}

/** Dots as zero-length strokes with round ends, moved up or down until none hides another. */
function drawDots(ratios: readonly number[], x: Scale, middle: number): string {
  const size = ratios.length > 60 ? 5 : 8;
  const lanes: number[] = [];
  const positions = ratios.map((ratio) => x.at(ratio)).sort((a, b) => a - b);
  const marks = positions.map((at) => {
    let lane = lanes.findIndex((end) => end <= at - size);
    if (lane < 0)
      lane = lanes.length < (DOTS_HEIGHT - 6) / size ? lanes.length : positions.indexOf(at) % lanes.length;
    lanes[lane] = at;
    const offset = (lane % 2 === 0 ? 1 : -1) * Math.ceil(lane / 2) * size;
    return `M${tenth(at)},${tenth(middle + offset)}h0`;
  });
  return element("path", {
    d: marks.join(""),
    stroke: HUES.blue.fill,
    "stroke-width": size - 1,
    "stroke-linecap": "round",
    fill: "none",
  });
}

function figuresOf({ n, medianRatio, low, high, noise }: PairedComparison): string {
  const ratio = (value: number) => formatNumber(Number(value.toPrecision(3)));
  const interval = `median ${ratio(medianRatio)}×, 95 % interval ${ratio(low)} to ${ratio(high)}, ${n} ${n === 1 ? "pair" : "pairs"}`;
  return `${interval} · noise floor ${Number((noise * 100).toPrecision(2))} % (grey)`;
}

function describe({ name, comparison }: PairsRow): string {
  return `${name}: ${figuresOf(comparison)} -> ${comparison.reason}`;
}
