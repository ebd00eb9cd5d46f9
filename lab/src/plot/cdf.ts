// A cumulative distribution is read from the side: pick a share of the packets, go right to the curve, then down to
// the time that they stayed below. The tail scale gives each further nine the same room: 90 %, 99 %, 99.9 %.

import { bucketsOf, cdfPoints, type Sample } from "../stats/index.js";
import {
  type Area,
  drawXAxis,
  drawXGrid,
  drawYAxis,
  tickLabelWidth,
  X_AXIS_HEIGHT,
  Y_CAPTION_HEIGHT,
} from "./axis.js";
import { requireAtMost, requireSome } from "./check.js";
import { percentileValues, stepPath } from "./distribution.js";
import { type Figure, type FigureSpec, MARGIN, makeFigure, WIDTH } from "./figure.js";
import { hueOf, MUTED, PAPER } from "./palette.js";
import { formatNumber, formatQuantity } from "./quantity.js";
import { type Axis, makeScale, type Scale } from "./scale.js";
import { element, group, label } from "./svg.js";
import { fitText } from "./text-width.js";

/** One distribution. */
export interface CdfSeries {
  readonly name: string;
  /** Values, or a histogram's buckets. */
  readonly samples: readonly Sample[];
}

/** What cdfFigure draws. */
export interface CdfSpec extends FigureSpec {
  readonly axis: Axis;
  /** One to four series. */
  readonly series: readonly CdfSeries[];
  /** Percentiles to mark on each curve, 0 to 100, ascending; 50, 99 and 99.9 unless said otherwise. */
  readonly percentiles?: readonly number[];
  /** `even` shows the middle, `tail` the slowest few; `even` unless said otherwise. */
  readonly share?: "even" | "tail";
}

const PLOT_HEIGHT = 330;
const PANEL_WIDTH = 186;

/**
 * Draws distributions as curves, percentiles as dots on them and as numbers beside.
 *
 * @throws RangeError where a series is empty, a sample not finite, or the axis cannot hold it
 */
export function cdfFigure(spec: CdfSpec): Figure {
  const { axis, series, percentiles = [50, 99, 99.9] } = spec;
  requireSome(series, `series in "${spec.title}"`);
  requireAtMost(series.length, 4, "distributions", "show the few that matter");
  for (const each of series) requireSome(bucketsOf(each.samples), `samples in series "${each.name}"`);
  const vertical = { top: Y_CAPTION_HEIGHT, bottom: Y_CAPTION_HEIGHT + PLOT_HEIGHT };
  const y = shareScale(spec, vertical);
  const area: Area = { ...vertical, left: MARGIN + tickLabelWidth(y), right: WIDTH - MARGIN - PANEL_WIDTH };
  const points = series.map((each) => cdfPoints(each.samples));
  const marks = series.map((each) => percentileValues(each.samples, percentiles));
  const extremes = points.flatMap((each) => [each[0].value, each[each.length - 1].value]);
  const x = makeScale(axis, extremes, [area.left, area.right]);
  const curves = points.map((each, i) =>
    element("path", {
      d: stepPath(each, x, y, 1 + series.length / 2),
      fill: "none",
      stroke: hueOf(i).fill,
      "stroke-width": "2.5",
    }),
  );
  const dots = marks.flatMap((each, i) =>
    each.map((mark) =>
      element("circle", {
        cx: x.at(mark.value),
        cy: y.at(mark.fraction),
        r: 5,
        fill: hueOf(i).ink,
        stroke: PAPER,
      }),
    ),
  );
  const panels = series.map((each, i) =>
    drawPanel(each.name, marks[i], axis.unit, i, area, percentiles.length),
  );
  const drawing = [
    drawXGrid(x, area),
    drawXAxis(x, area),
    drawYAxis(y, area),
    ...curves,
    ...dots,
    ...panels,
  ].join("");
  const summary = series.map((each, i) => {
    const values = marks[i].map((mark) => `p${mark.percentile} ${formatQuantity(mark.value, axis.unit)}`);
    return `${each.name} (${formatNumber(sampleCount(each))} samples): ${values.join(", ")}`;
  });
  return makeFigure(spec, drawing, area.bottom + X_AXIS_HEIGHT, summary);
}

function sampleCount({ samples }: CdfSeries): number {
  return bucketsOf(samples).reduce((sum, bucket) => sum + bucket.count, 0);
}

function shareScale(spec: CdfSpec, { top, bottom }: { top: number; bottom: number }): Scale {
  const most = Math.max(...spec.series.map(sampleCount));
  const nines = spec.share === "tail" ? Math.max(2, Math.ceil(Math.log10(most))) : 0;
  if (nines === 0) {
    const ticks = [0, 0.25, 0.5, 0.75, 1].map((value) => ({ value, label: `${value * 100} %` }));
    return {
      low: 0,
      high: 1,
      ticks,
      caption: "share of samples",
      at: (share) => bottom + share * (top - bottom),
    };
  }
  const high = 1 - 10 ** -nines;
  const ticks = Array.from({ length: nines + 1 }, (_, nine) => ({
    value: 1 - 10 ** -nine,
    label: `${Number(((1 - 10 ** -nine) * 100).toFixed(Math.max(0, nine - 2)))} %`,
  }));
  const at = (share: number) =>
    bottom + ((top - bottom) * -Math.log10(Math.max(1 - share, 10 ** -nines))) / nines;
  return { low: 0, high, ticks, caption: "share of samples (each step is another nine)", at };
}

function drawPanel(
  name: string,
  marks: readonly { percentile: number; value: number }[],
  unit: string,
  index: number,
  area: Area,
  rows: number,
): string {
  const x = area.right + 22;
  const top = area.top + index * (rows * 18 + 30);
  const values = marks.map(
    ({ percentile, value }, i) =>
      label(x, top + 31 + i * 18, `p${percentile}`, { fill: MUTED }) +
      label(WIDTH - MARGIN, top + 31 + i * 18, formatQuantity(value, unit), { "text-anchor": "end" }),
  );
  const heading = label(x, top + 12, fitText(name, PANEL_WIDTH - 22, { size: 13, bold: true }), {
    fill: hueOf(index).ink,
    "font-weight": "bold",
  });
  return (
    element("rect", { x: x - 10, y: top, width: 4, height: rows * 18 + 18, fill: hueOf(index).fill }) +
    group({}, heading, ...values)
  );
}
