// A histogram shows the shape of a distribution: where most samples lie, whether there are two humps, how far the
// tail goes. On a logarithmic axis the columns are equally wide in ratio.

import { bucketsOf, type Sample } from "../stats/index.js";
import {
  type Area,
  drawXAxis,
  drawXGrid,
  drawYAxis,
  tickLabelWidth,
  X_AXIS_HEIGHT,
  Y_CAPTION_HEIGHT,
} from "./axis.js";
import { requireSome } from "./check.js";
import { columnCounts, percentileValues } from "./distribution.js";
import { type Figure, type FigureSpec, MARGIN, makeFigure, WIDTH } from "./figure.js";
import { HUES, INK, PAPER } from "./palette.js";
import { formatNumber, formatQuantity } from "./quantity.js";
import { type Axis, makeScale, type Scale } from "./scale.js";
import { element, group, label, stroke, tenth } from "./svg.js";
import { textWidth } from "./text-width.js";

/** What histogramFigure draws. */
export interface HistogramSpec extends FigureSpec {
  /** What was measured; usually on a logarithmic scale. */
  readonly axis: Axis;
  /** Values, or a histogram's buckets. */
  readonly samples: readonly Sample[];
  /** Percentiles to mark, 0 to 100, ascending; 50 and 99 unless said otherwise. */
  readonly percentiles?: readonly number[];
}

const COLUMNS = 64;
const PLOT_HEIGHT = 240;

/**
 * Draws a histogram with percentiles marked. Samples of 0 have no place on a logarithmic axis: they are left off and
 * counted in the note.
 *
 * @throws RangeError where no sample can be drawn, or one is not finite
 */
export function histogramFigure(spec: HistogramSpec): Figure {
  const { axis, percentiles = [50, 99] } = spec;
  const all = bucketsOf(spec.samples);
  const drawable = axis.scale === "log" ? all.filter((bucket) => bucket.low > 0) : all;
  requireSome(drawable, `samples in "${spec.title}"`);
  const total = sum(all.map((bucket) => bucket.count));
  const omitted = total - sum(drawable.map((bucket) => bucket.count));

  const marks = percentileValues(all, percentiles);
  const top = Y_CAPTION_HEIGHT + marks.length * 19;
  const vertical = { top, bottom: top + PLOT_HEIGHT };
  const widest = axisSamples(drawable);
  const probe = makeScale({ label: "samples", unit: "" }, [total], [vertical.bottom, vertical.top], true);
  const area: Area = { ...vertical, left: MARGIN + tickLabelWidth(probe), right: WIDTH - MARGIN - 12 };
  const x = makeScale(axis, widest, [area.left, area.right]);
  const counts = columnCounts(drawable, x, [area.left, area.right], COLUMNS);
  const y = wholeTicks(
    makeScale({ label: "samples per column", unit: "" }, counts, [area.bottom, area.top], true),
  );
  const drawing = [
    drawYAxis(y, area),
    drawXGrid(x, area),
    drawXAxis(x, area),
    drawColumns(counts, y, area),
    drawMarks(marks, x, axis.unit, area),
  ].join("");
  const noted =
    omitted > 0
      ? {
          ...spec,
          note: [
            spec.note,
            `${formatNumber(omitted)} samples at or below 0 are not drawn on this logarithmic axis.`,
          ]
            .filter(Boolean)
            .join(" "),
        }
      : spec;
  const summary = marks.map((mark) => `p${mark.percentile}: ${formatQuantity(mark.value, axis.unit)}`);
  return makeFigure(noted, drawing, area.bottom + X_AXIS_HEIGHT, [
    `${formatNumber(total)} samples; ${summary.join(", ")}`,
  ]);
}

/** There are no half samples. */
function wholeTicks(scale: Scale): Scale {
  return { ...scale, ticks: scale.ticks.filter((tick) => Number.isInteger(tick.value)) };
}

function axisSamples(buckets: readonly { low: number; high: number }[]): number[] {
  const low = buckets.reduce((least, bucket) => Math.min(least, bucket.low), Number.POSITIVE_INFINITY);
  const high = buckets.reduce((most, bucket) => Math.max(most, bucket.high), Number.NEGATIVE_INFINITY);
  return [low, high];
}

function drawColumns(counts: readonly number[], y: Scale, { left, right, bottom }: Area): string {
  const width = (right - left) / counts.length;
  const columns = counts.map((count, i) => {
    if (count === 0) return "";
    const top = Math.min(y.at(count), bottom - 1.5);
    return `M${tenth(left + i * width + 0.5)},${tenth(bottom)}V${tenth(top)}h${tenth(width - 1)}V${tenth(bottom)}Z`;
  });
  return element("path", { d: columns.join(""), fill: HUES.blue.fill });
}

function drawMarks(
  marks: readonly { percentile: number; value: number }[],
  x: Scale,
  unit: string,
  { left, top, bottom, right }: Area,
): string {
  const parts = marks.map(({ percentile, value }, i) => {
    const at = Math.max(left, x.at(value));
    const baseline = top - marks.length * 19 + i * 19 + 6;
    const words = `p${percentile} ${formatQuantity(value, unit)}`;
    const onRight = at + 8 + textWidth(words, { size: 13, bold: true }) <= right + 12;
    return (
      stroke(at, baseline - 10, at, bottom, {
        stroke: INK,
        "stroke-width": "1.5",
        "stroke-dasharray": "5 3",
      }) +
      group(
        { stroke: PAPER, "stroke-width": 4, "paint-order": "stroke", "font-weight": "bold" },
        label(onRight ? at + 6 : at - 6, baseline, words, { "text-anchor": onRight ? undefined : "end" }),
      )
    );
  });
  return parts.join("");
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
