// Who predicts first learns more from the measurement. The guess and the result stand on one axis, and the gap between
// them has a size.

import type { Interval } from "../stats/index.js";
import { type Area, drawXAxis, drawXGrid, X_AXIS_HEIGHT } from "./axis.js";
import { requireAtMost, requireMagnitude, requireSome } from "./check.js";
import { type Figure, type FigureSpec, MARGIN, makeFigure, WIDTH } from "./figure.js";
import { HAIRLINE, HUES, MUTED, PAPER } from "./palette.js";
import { describeMiss, formatQuantity } from "./quantity.js";
import { type Axis, makeScale, type Scale } from "./scale.js";
import { box, element, group, label, stroke, tenth } from "./svg.js";
import { fitText, textWidth } from "./text-width.js";

/** A guess is one number or a range; a range from a number to itself is that number. */
export type GuessedValue = number | Interval;

/** One prediction and what came of it. */
export interface Prediction {
  readonly name: string;
  readonly guess: GuessedValue;
  readonly measured: number;
  /** Interval of the measured value. */
  readonly low?: number;
  readonly high?: number;
  /** No guess of the reader's: what the counter must say where it counts at all. It is then written as "must be". */
  readonly control?: boolean;
}

/** What predictionFigure draws. */
export interface PredictionSpec extends FigureSpec {
  /** Logarithmic unless said otherwise; zeros get a place of their own at its left end. */
  readonly axis: Axis;
  /** One to eight predictions. */
  readonly predictions: readonly Prediction[];
}

const ROW_HEIGHT = 84;

/**
 * Draws guesses beside results.
 *
 * @throws RangeError where there is nothing to draw, or a value is negative or not finite
 */
export function predictionFigure(spec: PredictionSpec): Figure {
  const { predictions } = spec;
  requireSome(predictions, `predictions in "${spec.title}"`);
  requireAtMost(predictions.length, 8, "predictions", "split the figure");
  const axis: Axis = { ...spec.axis, scale: spec.axis.scale ?? "log" };
  const area: Area = {
    left: MARGIN + 12,
    right: WIDTH - MARGIN - 12,
    top: 0,
    bottom: predictions.length * ROW_HEIGHT,
  };
  const x = scaleWithZero(axis, predictions.flatMap(valuesOf), area);
  const rows = predictions.map((prediction, i) =>
    drawRow(prediction, x, axis.unit, { ...area, top: i * ROW_HEIGHT }),
  );
  const drawing = drawXAxis(x, area) + rows.join("");
  return makeFigure(
    spec,
    drawing,
    area.bottom + X_AXIS_HEIGHT,
    predictions.map((each) => describe(each, axis.unit)),
  );
}

function rangeOf(guess: GuessedValue): Interval {
  return typeof guess === "number" ? { low: guess, high: guess } : guess;
}

/** `3.2× too low`, or for a range `inside your range` and `your range is 5.6× too high`. */
function judge(guess: GuessedValue, measured: number): string {
  const { low, high } = rangeOf(guess);
  if (low === high) return describeMiss(low, measured);
  if (low <= measured && measured <= high) return "inside your range";
  return `your range is ${describeMiss(measured < low ? low : high, measured)}`;
}

function valuesOf({ name, guess, measured, low = measured, high = measured }: Prediction): number[] {
  const range = rangeOf(guess);
  if (range.low > range.high) {
    throw new RangeError(
      `Cannot draw the guess of "${name}", ${range.low} to ${range.high}: the range is upside down; no figure was made -> put the smaller number first`,
    );
  }
  return [range.low, range.high, measured, low, high].map((value) =>
    requireMagnitude(value, `a value of "${name}"`),
  );
}

/** Gives 0 a tick left of a logarithmic axis, since "none at all" is a frequent and good guess. */
export function scaleWithZero(axis: Axis, values: readonly number[], { left, right }: Area): Scale {
  if (axis.scale !== "log" || values.every((value) => value > 0))
    return makeScale(axis, values, [left, right], true);
  const positive = values.filter((value) => value > 0);
  const scale = makeScale(axis, positive.length > 0 ? positive : [1, 10], [left + 70, right]);
  return {
    ...scale,
    ticks: [{ value: 0, label: formatQuantity(0, axis.unit) }, ...scale.ticks],
    at: (value) => (value === 0 ? left : scale.at(value)),
  };
}

function drawRow(prediction: Prediction, x: Scale, unit: string, area: Area): string {
  const { top } = area;
  const { guess, measured, low = measured, high = measured } = prediction;
  const ends = rangeOf(guess);
  const near = Math.max(ends.low, Math.min(ends.high, measured));
  const [from, to, y] = [x.at(near), x.at(measured), top + 58];
  const [bandLeft, bandRight] = [x.at(ends.low), x.at(ends.high)];
  const purple = { fill: HUES.purple.fill, stroke: HUES.purple.ink, "stroke-width": 1.5 };
  return [
    drawWords(prediction, unit, top),
    drawXGrid(x, { ...area, top: top + 45, bottom: top + ROW_HEIGHT }),
    stroke(from, y, to, y, { stroke: MUTED, "stroke-width": 2, "stroke-dasharray": "2 4" }),
    bandRight > bandLeft
      ? box(bandLeft, y - 11, bandRight - bandLeft, 22, { ...purple, opacity: "0.6" })
      : element("circle", { cx: from, cy: y, r: 9, ...purple }),
    stroke(x.at(low), y, x.at(high), y, { stroke: HUES.blue.ink, "stroke-width": 4 }),
    drawDiamond(to, y),
    stroke(MARGIN, top + ROW_HEIGHT, WIDTH - MARGIN, top + ROW_HEIGHT, { stroke: HAIRLINE }),
  ].join("");
}

function drawDiamond(x: number, y: number): string {
  const d = `M${tenth(x)},${tenth(y - 10)}l8,10l-8,10l-8,-10Z`;
  return element("path", { d, fill: HUES.blue.fill, stroke: PAPER, "stroke-width": 1.5 });
}

function drawWords({ name, guess, measured, control }: Prediction, unit: string, top: number): string {
  const bold = { size: 13, bold: true };
  const guessed = `● ${control ? "must be" : "you guessed"} ${writeGuess(guess, unit)}`;
  const found = `◆ measured ${formatQuantity(measured, unit)}`;
  const foundX = MARGIN + textWidth(guessed, bold) + 18;
  const missX = foundX + textWidth(found, bold) + 18;
  const nameWidth = WIDTH - 2 * MARGIN;
  return group(
    { "font-weight": "bold" },
    label(MARGIN, top + 20, fitText(name, nameWidth, { size: 14, bold: true }), { "font-size": 14 }),
    label(MARGIN, top + 38, guessed, { fill: HUES.purple.ink }),
    label(foundX, top + 38, found, { fill: HUES.blue.ink }),
    label(missX, top + 38, judge(guess, measured)),
  );
}

function writeGuess(guess: GuessedValue, unit: string): string {
  const { low, high } = rangeOf(guess);
  return low === high
    ? formatQuantity(low, unit)
    : `${formatQuantity(low, unit)} to ${formatQuantity(high, unit)}`;
}

function describe({ name, guess, measured, low, high, control }: Prediction, unit: string): string {
  const range =
    low === undefined || high === undefined
      ? ""
      : ` [${formatQuantity(low, unit)} to ${formatQuantity(high, unit)}]`;
  return `${name}: ${control ? "must be" : "you guessed"} ${writeGuess(guess, unit)}, measured ${formatQuantity(measured, unit)}${range}: ${judge(guess, measured)}`;
}
