// Under a bar: what others published, as a diamond, and what the reader guessed, as a dot, on the bar's own axis.

import { MARGIN, WIDTH } from "./figure.js";
import { HAIRLINE, HUES, INK, PAPER } from "./palette.js";
import { describeMiss, formatQuantity } from "./quantity.js";
import type { Scale } from "./scale.js";
import { element, group, label, stroke, tenth } from "./svg.js";
import { fitText, textWidth } from "./text-width.js";

/** A figure that somebody else reported for the same thing. */
export interface PublishedValue {
  readonly value: number;
  /** Who, when and on what, e.g. `XDP CoNEXT'18, ConnectX-5`. */
  readonly source: string;
}

/** The line that a remark stands on. */
export interface RemarkLine {
  readonly scale: Scale;
  readonly unit: string;
  /** Pixel at which the bars start. */
  readonly left: number;
  /** Middle of the line. */
  readonly y: number;
}

/** Draws a published value as a diamond with its source. */
export function drawPublished({ value, source }: PublishedValue, line: RemarkLine): string {
  const [x, y] = [line.scale.at(value), line.y];
  const d = `M${tenth(x - 6)},${tenth(y)}l6,-6l6,6l-6,6Z`;
  return (
    stroke(line.left, y, x, y, { stroke: HAIRLINE, "stroke-dasharray": "1 3" }) +
    element("path", { d, fill: PAPER, stroke: INK, "stroke-width": 1.8 }) +
    drawRemark(`${formatQuantity(value, line.unit)}, ${source}`, x, line, INK)
  );
}

/**
 * Draws a guess as a dot under the bar, tied to it by a dashed line.
 *
 * @param barEdge where the dashed line starts: above the bar if the guess lies inside it, below it otherwise
 */
export function drawGuess(guess: number, value: number, barEdge: number, line: RemarkLine): string {
  const [x, y, ink] = [line.scale.at(guess), line.y, HUES.purple.ink];
  const words = `your guess ${formatQuantity(guess, line.unit)}: ${describeMiss(guess, value)}`;
  return (
    stroke(x, barEdge, x, y, { stroke: ink, "stroke-width": 2, "stroke-dasharray": "4 3" }) +
    element("circle", { cx: x, cy: y, r: 5, fill: ink }) +
    drawRemark(words, x, line, ink)
  );
}

/** Writes a remark right of its mark, or left of it where the right is too narrow. */
function drawRemark(words: string, x: number, { left, y }: RemarkLine, ink: string): string {
  const style = { size: 12 };
  const roomRight = WIDTH - MARGIN - x - 12;
  const roomLeft = x - left - 12;
  const onRight = textWidth(words, style) <= roomRight || roomRight >= roomLeft;
  const fitted = fitText(words, onRight ? roomRight : roomLeft, style);
  return group(
    { "font-size": 12, fill: ink, stroke: PAPER, "stroke-width": 4, "paint-order": "stroke" },
    label(onRight ? x + 12 : x - 12, y + 4, fitted, { "text-anchor": onRight ? undefined : "end" }),
  );
}
