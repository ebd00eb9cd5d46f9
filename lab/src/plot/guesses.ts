// One row a guess, in the order they were made, and one axis for all: how many times too high or too low. Who learns the
// scale of things sees a funnel, whose rows come nearer to the middle line from top to bottom.

import { type Area, drawXAxis, drawXGrid, X_AXIS_HEIGHT } from "./axis.js";
import { requireAtMost, requireMagnitude, requireSome } from "./check.js";
import { type Figure, type FigureSpec, MARGIN, makeFigure, WIDTH } from "./figure.js";
import { HUES, INK, MUTED, PAPER } from "./palette.js";
import type { GuessedValue } from "./prediction.js";
import { describeMiss, formatQuantity } from "./quantity.js";
import { makeScale, type Scale } from "./scale.js";
import { box, element, label, stroke } from "./svg.js";
import { fitText, textWidth } from "./text-width.js";

/** One guess and what was measured, each in its own unit. */
export interface GuessRow {
  readonly name: string;
  readonly guess: GuessedValue;
  readonly measured: number;
  readonly unit: string;
}

/** What guessesFigure draws. */
export interface GuessesSpec extends FigureSpec {
  /** One to thirty, in the order in which they were made. */
  readonly rows: readonly GuessRow[];
}

const ROW_HEIGHT = 24;
const NAME_WIDTH = 230;
const REMARK_WIDTH = 150;
/** Guesses within 10 % count as close. */
const CLOSE = 1.1;

/**
 * Draws how far off each of many guesses was.
 *
 * @throws RangeError where there is nothing to draw, more than 30 rows, or a value is negative or not finite
 */
export function guessesFigure(spec: GuessesSpec): Figure {
  const { rows } = spec;
  requireSome(rows, `guesses in "${spec.title}"`);
  requireAtMost(rows.length, 30, "guesses", "show the latest");
  const misses = rows.map(missOf);
  // The same room on both sides keeps "right" in the middle, and ten times is always on the axis.
  const widest = Math.max(10, ...misses.flatMap((miss) => (miss === null ? [] : [miss, 1 / miss])));
  const area: Area = {
    left: MARGIN + NAME_WIDTH,
    right: WIDTH - MARGIN - REMARK_WIDTH,
    top: 0,
    bottom: rows.length * ROW_HEIGHT,
  };
  const axis = { label: "guess divided by measured", unit: "×", scale: "log" } as const;
  const x = makeScale(axis, [1 / widest, widest], [area.left, area.right]);
  const drawing = [
    box(x.at(1 / CLOSE), area.top, x.at(CLOSE) - x.at(1 / CLOSE), area.bottom, { fill: HUES.green.tint }),
    drawXGrid(x, area),
    stroke(x.at(1), area.top, x.at(1), area.bottom, { stroke: INK, "stroke-width": 1.5 }),
    ...rows.map((row, i) => drawRow(row, misses[i], x, (i + 0.5) * ROW_HEIGHT)),
    drawXAxis(x, area),
  ].join("");
  return makeFigure(spec, drawing, area.bottom + X_AXIS_HEIGHT, rows.map(describe));
}

/** The end of the guessed range that is nearer to what was measured. */
function nearest({ name, guess, measured }: GuessRow): number {
  const { low, high } = typeof guess === "number" ? { low: guess, high: guess } : guess;
  for (const value of [low, high, measured]) requireMagnitude(value, `a value of "${name}"`);
  return Math.max(low, Math.min(high, measured));
}

/** The guess as a multiple of what was measured; null where one of them is 0, and no multiple of the other. */
function missOf(row: GuessRow): number | null {
  const guess = nearest(row);
  if (guess === row.measured) return 1;
  return guess === 0 || row.measured === 0 ? null : guess / row.measured;
}

function remark(row: GuessRow): string {
  return describeMiss(nearest(row), row.measured);
}

function drawRow(row: GuessRow, miss: number | null, x: Scale, y: number): string {
  const words = { "font-size": 13, fill: INK };
  const text = fitText(remark(row), REMARK_WIDTH - 12, { size: 13 });
  const remarkX = WIDTH - MARGIN - textWidth(text, { size: 13 });
  const parts = [
    label(MARGIN, y + 4.5, fitText(row.name, NAME_WIDTH - 14, { size: 13 }), words),
    label(remarkX, y + 4.5, text, { "font-size": 13, fill: MUTED }),
  ];
  if (miss === null) return parts.join("");
  const hue = miss <= CLOSE && miss >= 1 / CLOSE ? HUES.green : HUES.purple;
  parts.push(
    stroke(x.at(1), y, x.at(miss), y, { stroke: hue.fill, "stroke-width": 3 }),
    element("circle", { cx: x.at(miss), cy: y, r: 6, fill: hue.fill, stroke: PAPER, "stroke-width": 1.5 }),
  );
  return parts.join("");
}

function describe(row: GuessRow, index: number): string {
  const { name, guess, measured, unit } = row;
  const said =
    typeof guess === "number"
      ? formatQuantity(guess, unit)
      : `${formatQuantity(guess.low, unit)} to ${formatQuantity(guess.high, unit)}`;
  return `${index + 1}. ${name}: you guessed ${said}, measured ${formatQuantity(measured, unit)}: ${remark(row)}`;
}
