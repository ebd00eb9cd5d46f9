// What a whole room guessed, and what it measured. The guesses stand as columns, one of them as high as the people who made
// it; what each of them then measured lies below on the same axis, so the distance between the two is seen at a glance.

import { median } from "../stats/index.js";
import {
  type Area,
  drawXAxis,
  drawXGrid,
  drawYAxis,
  tickLabelWidth,
  X_AXIS_HEIGHT,
  Y_CAPTION_HEIGHT,
} from "./axis.js";
import { requireMagnitude, requireSome } from "./check.js";
import { type Figure, type FigureSpec, MARGIN, makeFigure, WIDTH } from "./figure.js";
import { HUES, MUTED, PAPER } from "./palette.js";
import { type GuessedValue, scaleWithZero } from "./prediction.js";
import { describeMiss, formatQuantity } from "./quantity.js";
import { type Axis, makeScale, type Scale } from "./scale.js";
import { box, element, label, tenth } from "./svg.js";
import { textWidth } from "./text-width.js";

/** What roomFigure draws. */
export interface RoomSpec extends FigureSpec {
  /** Logarithmic unless said otherwise; zeros get a place of their own at its left end. */
  readonly axis: Axis;
  /** One a learner. A range counts at its middle. */
  readonly guesses: readonly GuessedValue[];
  /** What each of them measured. */
  readonly measured: readonly number[];
}

const COLUMNS = 38;
const PLOT_HEIGHT = 150;
const LANE_HEIGHT = 34;
const MEASURED = "measured";

/**
 * Draws a room's guesses beside its measurements.
 *
 * @throws RangeError where there is nothing to draw, or a value is negative or not finite
 */
export function roomFigure(spec: RoomSpec): Figure {
  const { measured } = spec;
  requireSome(spec.guesses, `guesses in "${spec.title}"`);
  requireSome(measured, `measurements in "${spec.title}"`);
  const guesses = spec.guesses.map(middle);
  for (const value of [...guesses, ...measured]) requireMagnitude(value, `a value of "${spec.title}"`);
  const axis: Axis = { ...spec.axis, scale: spec.axis.scale ?? "log" };
  const vertical = { top: Y_CAPTION_HEIGHT, bottom: Y_CAPTION_HEIGHT + PLOT_HEIGHT };
  const most = scaleOfCounts(guesses.length, vertical);
  const labels = Math.max(tickLabelWidth(most), textWidth(MEASURED, { size: 12 }) + 10);
  const area: Area = { ...vertical, left: MARGIN + labels, right: WIDTH - MARGIN - 12 };
  const lane: Area = { ...area, top: area.bottom, bottom: area.bottom + LANE_HEIGHT };
  const x = scaleWithZero(axis, [...guesses, ...measured], area);
  const counts = countInColumns(guesses, x, area);
  const y = scaleOfCounts(Math.max(...counts), vertical);
  const drawing = [
    drawYAxis(y, area),
    drawXGrid(x, { ...area, bottom: lane.bottom }),
    drawColumns(counts, y, area),
    label(MARGIN, lane.top + 21, MEASURED, { "font-size": 12, fill: MUTED }),
    ...measured.map((value) => drawDiamond(x.at(value), lane.top + LANE_HEIGHT / 2)),
    drawXAxis(x, lane),
  ].join("");
  return makeFigure(spec, drawing, lane.bottom + X_AXIS_HEIGHT, inWords(guesses, measured, axis.unit));
}

/** The middle of a range, as a logarithmic axis sees it. */
function middle(guess: GuessedValue): number {
  if (typeof guess === "number") return guess;
  return guess.low > 0 ? Math.sqrt(guess.low * guess.high) : (guess.low + guess.high) / 2;
}

function scaleOfCounts(most: number, { top, bottom }: Pick<Area, "top" | "bottom">): Scale {
  const scale = makeScale({ label: "guesses", unit: "" }, [most], [bottom, top], true);
  return { ...scale, ticks: scale.ticks.filter(({ value }) => Number.isInteger(value)) };
}

function countInColumns(values: readonly number[], x: Scale, { left, right }: Area): number[] {
  const counts = Array<number>(COLUMNS).fill(0);
  for (const value of values) {
    const column = Math.floor(((x.at(value) - left) / (right - left)) * COLUMNS);
    counts[Math.max(0, Math.min(COLUMNS - 1, column))]! += 1;
  }
  return counts;
}

function drawColumns(counts: readonly number[], y: Scale, { left, right, bottom }: Area): string {
  const width = (right - left) / counts.length;
  const drawn = counts.map((count, i) => {
    const top = y.at(count);
    return count === 0
      ? ""
      : box(left + i * width + 0.5, top, width - 1, bottom - top, { fill: HUES.purple.fill });
  });
  return drawn.join("");
}

function drawDiamond(x: number, y: number): string {
  const d = `M${tenth(x)},${tenth(y - 8)}l6.5,8l-6.5,8l-6.5,-8Z`;
  return element("path", { d, fill: HUES.blue.fill, stroke: PAPER, "stroke-width": 1, opacity: "0.8" });
}

function inWords(guesses: readonly number[], measured: readonly number[], unit: string): string[] {
  const [guess, found] = [median(guesses), median(measured)];
  const range = (values: readonly number[]): string =>
    `${formatQuantity(Math.min(...values), unit)} to ${formatQuantity(Math.max(...values), unit)}`;
  return [
    `${guesses.length} guessed ${range(guesses)}, median ${formatQuantity(guess, unit)}`,
    `measured ${range(measured)}, median ${formatQuantity(found, unit)}: the median guess is ${describeMiss(guess, found)}`,
  ];
}
