// Two machines, a row for each thing that both measured: what each found, and a bar that says how many times as much the second
// found as the first. Every row has its own unit, so the ratio is all that they can share on one axis.

import { type Area, drawXAxis, drawXGrid, X_AXIS_HEIGHT } from "./axis.js";
import { requireAtMost, requireMagnitude, requireSome } from "./check.js";
import { type Figure, type FigureSpec, MARGIN, makeFigure, WIDTH } from "./figure.js";
import { HUES, INK, MUTED } from "./palette.js";
import { formatNumber, formatQuantity } from "./quantity.js";
import { makeScale, type Scale } from "./scale.js";
import { box, label, stroke } from "./svg.js";
import { fitText } from "./text-width.js";

/** One thing that two machines measured. */
export interface SideBySideRow {
  readonly name: string;
  readonly unit: string;
  readonly a: number;
  readonly b: number;
}

/** What sideBySideFigure draws. */
export interface SideBySideSpec extends FigureSpec {
  /** One to forty. */
  readonly rows: readonly SideBySideRow[];
}

/** More do not fit into the 20 kB of a figure. */
export const MOST_ROWS = 40;

const ROW_HEIGHT = 24;
const HEAD_HEIGHT = 22;
const NAME_WIDTH = 236;
const VALUE_WIDTH = 96;
/** Less than this is no difference that one figure of each could show. */
const SAME = 1.1;

/**
 * Draws what two machines measured, each row in its own unit, and the ratios on one logarithmic axis.
 *
 * @throws RangeError where there is nothing to draw, more than 40 rows, or a value is negative or not finite
 */
export function sideBySideFigure(spec: SideBySideSpec): Figure {
  const { rows } = spec;
  requireSome(rows, `rows in "${spec.title}"`);
  requireAtMost(rows.length, MOST_ROWS, "rows", "compare fewer notebooks");
  for (const { name, a, b } of rows)
    for (const value of [a, b]) requireMagnitude(value, `a value of "${name}"`);
  const ratios = rows.map(ratioOf);
  const widest = Math.max(2, ...ratios.flatMap((ratio) => (ratio === null ? [] : [ratio, 1 / ratio])));
  const area: Area = {
    left: MARGIN + NAME_WIDTH + 2 * VALUE_WIDTH + 16,
    right: WIDTH - MARGIN - 56,
    top: HEAD_HEIGHT,
    bottom: HEAD_HEIGHT + rows.length * ROW_HEIGHT,
  };
  const axis = { label: "B as a multiple of A", unit: "×", scale: "log" } as const;
  const x = makeScale(axis, [1 / widest, widest], [area.left, area.right]);
  const drawing = [
    drawHead(),
    box(x.at(1 / SAME), area.top, x.at(SAME) - x.at(1 / SAME), area.bottom - area.top, {
      fill: HUES.green.tint,
    }),
    drawXGrid(x, area),
    stroke(x.at(1), area.top, x.at(1), area.bottom, { stroke: INK, "stroke-width": 1.5 }),
    ...rows.map((row, i) => drawRow(row, ratios[i]!, x, HEAD_HEIGHT + (i + 0.5) * ROW_HEIGHT)),
    drawXAxis(x, area),
  ].join("");
  return makeFigure(spec, drawing, area.bottom + X_AXIS_HEIGHT, rows.map(describe));
}

/** B divided by A; 1 where both are 0, null where one of them is. */
function ratioOf({ a, b }: SideBySideRow): number | null {
  if (a === b) return 1;
  return a === 0 || b === 0 ? null : b / a;
}

function drawHead(): string {
  const style = { "font-size": 12, "font-weight": "bold", fill: MUTED, "text-anchor": "end" };
  return ["A", "B"]
    .map((name, i) => label(MARGIN + NAME_WIDTH + (i + 1) * VALUE_WIDTH, 14, name, style))
    .join("");
}

function drawRow(row: SideBySideRow, ratio: number | null, x: Scale, y: number): string {
  const value = { "font-size": 12, "text-anchor": "end" };
  const figures = [row.a, row.b].map((figure, i) =>
    label(MARGIN + NAME_WIDTH + (i + 1) * VALUE_WIDTH, y + 4.5, formatQuantity(figure, row.unit), value),
  );
  const name = label(MARGIN, y + 4.5, fitText(row.name, NAME_WIDTH - 8, { size: 13 }), { "font-size": 13 });
  const remark = label(WIDTH - MARGIN, y + 4.5, ratio === null ? "—" : times(ratio), {
    "font-size": 12,
    fill: MUTED,
    "text-anchor": "end",
  });
  return name + figures.join("") + drawBar(ratio, x, y) + remark;
}

function drawBar(ratio: number | null, x: Scale, y: number): string {
  if (ratio === null) return "";
  const [from, to] = [x.at(1), x.at(ratio)];
  const hue = ratio >= 1 ? HUES.blue : HUES.orange;
  return box(Math.min(from, to), y - 6, Math.max(1, Math.abs(to - from)), 12, { fill: hue.fill, rx: 2 });
}

function times(ratio: number): string {
  return `${formatNumber(Number(ratio.toPrecision(3)))}×`;
}

function describe(row: SideBySideRow): string {
  const ratio = ratioOf(row);
  const said = ratio === null ? "no multiple of 0" : times(ratio);
  return `${row.name}: A ${formatQuantity(row.a, row.unit)}, B ${formatQuantity(row.b, row.unit)}, ${said}`;
}
