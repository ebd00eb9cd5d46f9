// Bars compare a few things by one number. Under a bar there is room for what others published and for the reader's
// own guess, each at its place on the same axis.

import { type Area, drawXAxis, drawXGrid, X_AXIS_HEIGHT } from "./axis.js";
import { drawGuess, drawPublished, type PublishedValue } from "./bar-remark.js";
import { requireAtMost, requireMagnitude, requireSome } from "./check.js";
import { type Figure, type FigureSpec, MARGIN, makeFigure, WIDTH } from "./figure.js";
import { hueOf, INK, PAPER } from "./palette.js";
import { describeMiss, formatQuantity } from "./quantity.js";
import { type Axis, makeScale, type Scale } from "./scale.js";
import { box, element, label, pathThrough, stroke } from "./svg.js";
import { fitText, textWidth, wrapText } from "./text-width.js";

/** One bar. */
export interface Bar {
  readonly name: string;
  /** 0 or more. */
  readonly value: number;
  /** Interval of the value, drawn as a whisker. */
  readonly low?: number;
  readonly high?: number;
  /** What the reader predicted. */
  readonly guess?: number;
  readonly published?: readonly PublishedValue[];
}

/** What barFigure draws. */
export interface BarSpec extends FigureSpec {
  readonly axis: Axis;
  /** One to sixteen bars, from top to bottom. */
  readonly bars: readonly Bar[];
}

const BAR_HEIGHT = 24;
const REMARK_HEIGHT = 19;
const NAME_STYLE = { size: 13 };
const VALUE_STYLE = { size: 13, bold: true };

/**
 * Draws horizontal bars. On a logarithmic axis a bar of 0 has no length and says so.
 *
 * @throws RangeError where there are no bars, or a value is negative or not finite
 */
export function barFigure(spec: BarSpec): Figure {
  const { axis, bars } = spec;
  requireSome(bars, `bars in "${spec.title}"`);
  requireAtMost(bars.length, 16, "bars", "split the figure");
  const values = bars.flatMap(valuesOf);
  const nameWidth = Math.min(200, Math.ceil(Math.max(...bars.map((bar) => textWidth(bar.name, NAME_STYLE)))));
  const left = MARGIN + nameWidth + 12;
  const right =
    WIDTH - MARGIN - Math.min(200, 12 + Math.max(...bars.map((bar) => valueWidth(bar, axis.unit))));
  const scale = makeScale(axis, roomForBars(values, axis), [left, right], true);
  let y = 4;
  const rows = bars.map((bar, i) => {
    const row = drawRow(bar, scale, axis.unit, y, left, hueOf(bars.length > 7 ? 0 : i).fill);
    y += row.height;
    return row.svg;
  });
  const area: Area = { left, right, top: 0, bottom: y };
  const base = stroke(left, 0, left, y, { stroke: INK });
  const drawing = drawXGrid(scale, area) + drawXAxis(scale, area) + rows.join("") + base;
  return makeFigure(
    spec,
    drawing,
    y + X_AXIS_HEIGHT,
    bars.flatMap((bar) => describe(bar, axis.unit)),
  );
}

function valueWidth({ value }: Bar, unit: string): number {
  return textWidth(formatQuantity(value, unit), VALUE_STYLE);
}

function valuesOf({ name, value, low = value, high = value, guess, published = [] }: Bar): number[] {
  const all = [
    value,
    low,
    high,
    ...(guess === undefined ? [] : [guess]),
    ...published.map((each) => each.value),
  ];
  return all.map((each) => requireMagnitude(each, `a value of bar "${name}"`));
}

/** A logarithmic axis starts a decade or so under the smallest bar, so that even this bar has a length. */
function roomForBars(values: readonly number[], axis: Axis): readonly number[] {
  if (axis.scale !== "log") return values;
  const positive = values.filter((value) => value > 0);
  if (positive.length === 0) return [1, 10];
  const least = positive.reduce((a, b) => Math.min(a, b));
  return [...positive, 10 ** Math.floor(Math.log10(least / 2))];
}

function drawRow(bar: Bar, scale: Scale, unit: string, top: number, left: number, color: string): Row {
  const lines = wrapText(bar.name, left - MARGIN - 12, NAME_STYLE, 2);
  const middle = top + 6 + BAR_HEIGHT / 2;
  const names = lines.map((line, i) =>
    label(left - 10, middle + 4.5 + (i - (lines.length - 1) / 2) * 16, line, { "text-anchor": "end" }),
  );
  const end = scale.at(bar.value);
  const labelX = Math.max(end, bar.high === undefined ? 0 : scale.at(bar.high)) + 8;
  const parts = [
    ...names,
    box(left, middle - BAR_HEIGHT / 2, Math.max(0, end - left), BAR_HEIGHT, { fill: color }),
    drawWhisker(bar, scale, middle),
    label(labelX, middle + 4.5, fitText(formatQuantity(bar.value, unit), WIDTH - labelX - 8, VALUE_STYLE), {
      "font-weight": "bold",
    }),
  ];
  let y = top + 6 + BAR_HEIGHT + 2;
  for (const published of bar.published ?? []) {
    parts.push(drawPublished(published, { scale, unit, left, y: y + 9 }));
    y += REMARK_HEIGHT;
  }
  if (bar.guess !== undefined) {
    const barEdge = bar.guess <= bar.value ? middle - BAR_HEIGHT / 2 - 4 : middle + BAR_HEIGHT / 2;
    parts.push(drawGuess(bar.guess, bar.value, barEdge, { scale, unit, left, y: y + 9 }));
    y += REMARK_HEIGHT;
  }
  return { svg: parts.join(""), height: y + 6 - top };
}

interface Row {
  readonly svg: string;
  readonly height: number;
}

function drawWhisker({ value, low, high }: Bar, scale: Scale, y: number): string {
  if (low === undefined && high === undefined) return "";
  const [from, to] = [scale.at(low ?? value), scale.at(high ?? value)];
  const line = pathThrough([
    [from, y],
    [to, y],
  ]);
  const caps = [from, to]
    .map((x) =>
      pathThrough([
        [x, y - 5],
        [x, y + 5],
      ]),
    )
    .join("");
  return (
    element("path", { d: line + caps, stroke: PAPER, "stroke-width": 5, fill: "none" }) +
    element("path", { d: line + caps, stroke: INK, "stroke-width": "1.8", fill: "none" })
  );
}

function describe({ name, value, low, high, guess, published = [] }: Bar, unit: string): string[] {
  const range =
    low === undefined || high === undefined
      ? ""
      : ` [${formatQuantity(low, unit)} to ${formatQuantity(high, unit)}]`;
  const remarks = published.map((each) => `  published: ${formatQuantity(each.value, unit)}, ${each.source}`);
  if (guess !== undefined)
    remarks.push(`  your guess: ${formatQuantity(guess, unit)}, ${describeMiss(guess, value)}`);
  return [`${name}: ${formatQuantity(value, unit)}${range}`, ...remarks];
}
