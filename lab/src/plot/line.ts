// A line says how one quantity follows another. Every series carries its name at its right end, so nobody has to
// carry a colour from a legend to a line and back.

import {
  type Area,
  drawXAxis,
  drawXGrid,
  drawYAxis,
  tickLabelWidth,
  X_AXIS_HEIGHT,
  Y_CAPTION_HEIGHT,
} from "./axis.js";
import { requireAtMost, requireFinite, requireSome } from "./check.js";
import { type Figure, type FigureSpec, MARGIN, makeFigure, WIDTH } from "./figure.js";
import { type Hue, hueOf } from "./palette.js";
import { formatQuantity } from "./quantity.js";
import { type Axis, makeScale, type Scale } from "./scale.js";
import { element, group, label, pathThrough } from "./svg.js";
import { fitText, spreadLabels, textWidth } from "./text-width.js";

/** One measured point; `low` and `high` bound it where its uncertainty is known. */
export interface LinePoint {
  readonly x: number;
  readonly y: number;
  readonly low?: number;
  readonly high?: number;
}

/** One line. */
export interface LineSeries {
  readonly name: string;
  /** In the order in which they are joined. */
  readonly points: readonly LinePoint[];
}

/** What lineFigure draws. */
export interface LineSpec extends FigureSpec {
  readonly x: Axis;
  readonly y: Axis;
  /** One to seven series. */
  readonly series: readonly LineSeries[];
}

const PLOT_HEIGHT = 320;
const LABEL_GAP = 17;
/** More points than this, over all series, are thinned; it keeps a figure below 20 kB. */
const MAX_POINTS = 720;

/**
 * Draws series as lines, each with its interval as a band where its points have one.
 *
 * @returns A figure; of many points in one pixel column the lowest and the highest are drawn, so no spike is lost.
 * @throws RangeError where there is nothing to draw, a value is not finite, or an axis cannot hold it
 */
export function lineFigure(spec: LineSpec): Figure {
  requireSome(spec.series, `series in "${spec.title}"`);
  requireAtMost(spec.series.length, 7, "series", "show the few that matter");
  for (const series of spec.series) checkSeries(series);
  const points = spec.series.flatMap((series) => series.points);
  const ys = points.flatMap(({ y, low = y, high = y }) => [y, low, high]);
  const vertical = { top: Y_CAPTION_HEIGHT, bottom: Y_CAPTION_HEIGHT + PLOT_HEIGHT };
  const y = makeScale(spec.y, ys, [vertical.bottom, vertical.top], true);
  const names = spec.series.map((series) => fitText(series.name, 190, { size: 13, bold: true }));
  const nameWidth = Math.max(...names.map((name) => textWidth(name, { size: 13, bold: true })));
  const area: Area = {
    ...vertical,
    left: MARGIN + tickLabelWidth(y),
    right: WIDTH - MARGIN - nameWidth - 14,
  };
  const x = makeScale(
    spec.x,
    points.map((point) => point.x),
    [area.left, area.right],
  );
  const limit = Math.floor(MAX_POINTS / spec.series.length);
  const drawing = [
    drawXGrid(x, area),
    drawXAxis(x, area),
    drawYAxis(y, area),
    ...spec.series.map((series, i) => drawBand(thin(series.points, x, limit), x, y, hueOf(i))),
    ...spec.series.map((series, i) => drawLine(thin(series.points, x, limit), x, y, hueOf(i))),
    drawNames(spec.series, names, y, area),
  ].join("");
  return makeFigure(
    spec,
    drawing,
    area.bottom + X_AXIS_HEIGHT,
    spec.series.map((series) => describe(series, spec)),
  );
}

function checkSeries({ name, points }: LineSeries): void {
  requireSome(points, `points in series "${name}"`);
  points.forEach(({ x, y, low = y, high = y }, i) => {
    for (const value of [x, y, low, high]) requireFinite(value, `point ${i} of "${name}"`);
  });
}

/** Keeps first, lowest, highest and last point of each pixel column where there are more points than can be told apart. */
function thin(points: readonly LinePoint[], x: Scale, limit: number): readonly LinePoint[] {
  if (points.length <= limit) return points;
  const columns = new Map<number, { low: number; high: number }>();
  const columnWidth = Math.max(1, (4 * 700) / limit);
  points.forEach((point, i) => {
    const column = Math.floor(x.at(point.x) / columnWidth);
    const seen = columns.get(column);
    if (!seen) columns.set(column, { low: i, high: i });
    else if (point.y < points[seen.low].y) seen.low = i;
    else if (point.y > points[seen.high].y) seen.high = i;
  });
  const kept = new Set([0, points.length - 1]);
  for (const { low, high } of columns.values()) kept.add(low).add(high);
  return points.filter((_, i) => kept.has(i));
}

function drawBand(points: readonly LinePoint[], x: Scale, y: Scale, hue: Hue): string {
  if (!points.some((point) => point.low !== undefined || point.high !== undefined)) return "";
  const upper = points.map((point) => [x.at(point.x), y.at(point.high ?? point.y)] as const);
  const lower = points.map((point) => [x.at(point.x), y.at(point.low ?? point.y)] as const);
  return element("path", {
    d: pathThrough([...upper, ...lower.reverse()], true),
    fill: hue.fill,
    opacity: "0.2",
  });
}

function drawLine(points: readonly LinePoint[], x: Scale, y: Scale, hue: Hue): string {
  const path = pathThrough(points.map((point) => [x.at(point.x), y.at(point.y)]));
  const line = element("path", {
    d: path,
    fill: "none",
    stroke: hue.fill,
    "stroke-width": "2.5",
    "stroke-linejoin": "round",
  });
  if (points.length > 24) return line;
  const dots = points.map((point) => element("circle", { cx: x.at(point.x), cy: y.at(point.y), r: 4 }));
  return line + group({ fill: hue.fill, stroke: "#FFFFFF" }, ...dots);
}

function drawNames(series: readonly LineSeries[], names: readonly string[], y: Scale, area: Area): string {
  const ends = series.map(({ points }) => y.at(points.at(-1)!.y));
  const heights = spreadLabels(ends, LABEL_GAP, area.top, area.bottom);
  const labels = names.map((name, i) =>
    label(area.right + 10, heights[i] + 4.5, name, { fill: hueOf(i).ink }),
  );
  return group({ "font-weight": "bold" }, ...labels);
}

function describe({ name, points }: LineSeries, spec: LineSpec): string {
  const shown = points.length <= 12 ? points : [points[0], points[points.length >> 1], points.at(-1)!];
  const pairs = shown.map(
    ({ x, y }) => `${formatQuantity(x, spec.x.unit)}: ${formatQuantity(y, spec.y.unit)}`,
  );
  return `${name} (${points.length} points): ${pairs.join(points.length <= 12 ? ", " : " ... ")}`;
}
