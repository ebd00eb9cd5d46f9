// Axes stay in the background: pale lines behind the data, small labels, and the quantity written level beside it.

import { MARGIN, WIDTH } from "./figure.js";
import { GRID, HAIRLINE, MUTED } from "./palette.js";
import type { Scale } from "./scale.js";
import { group, label, stroke } from "./svg.js";
import { fitText, textWidth } from "./text-width.js";

/** The rectangle that data are drawn in. */
export interface Area {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Pixels above an area that drawYAxis needs. */
export const Y_CAPTION_HEIGHT = 34;
const CAPTION_Y = 16;

/** Pixels under an area that drawXAxis needs. */
export const X_AXIS_HEIGHT = 44;

/** Draws upright grid lines at the ticks. */
export function drawXGrid(scale: Scale, { top, bottom }: Area): string {
  const lines = scale.ticks.map(({ value }) => stroke(scale.at(value), top, scale.at(value), bottom, {}));
  return group({ stroke: GRID }, ...lines);
}

/** Draws the line under an area, tick labels under it, and the caption below. */
export function drawXAxis(scale: Scale, { left, right, bottom }: Area): string {
  const parts: string[] = [];
  let free = Number.NEGATIVE_INFINITY;
  for (const tick of scale.ticks) {
    const x = scale.at(tick.value);
    const width = textWidth(tick.label, { size: 12 });
    if (x - width / 2 < free) continue;
    parts.push(label(x, bottom + 17, tick.label, { "text-anchor": "middle" }));
    free = x + width / 2 + 6;
  }
  parts.push(stroke(left, bottom, right, bottom, { stroke: HAIRLINE }));
  parts.push(
    label((left + right) / 2, bottom + 38, fitText(scale.caption, right - left, { size: 13 }), {
      "text-anchor": "middle",
      "font-size": 13,
    }),
  );
  return group({ "font-size": 12, fill: MUTED }, ...parts);
}

/** Draws level grid lines, tick labels to their left, and the caption at the top of the figure. */
export function drawYAxis(scale: Scale, { left, right }: Area): string {
  const caption = fitText(scale.caption, WIDTH - 2 * MARGIN, { size: 13 });
  const parts = [label(MARGIN, CAPTION_Y, caption, { "font-size": 13 })];
  for (const tick of scale.ticks) {
    const y = scale.at(tick.value);
    parts.push(stroke(left, y, right, y, { stroke: GRID }));
    parts.push(label(left - 8, y + 4, tick.label, { "text-anchor": "end" }));
  }
  return group({ "font-size": 12, fill: MUTED }, ...parts);
}

/** Pixels that the tick labels of an upright axis need on its left. */
export function tickLabelWidth(scale: Scale): number {
  return Math.max(...scale.ticks.map((tick) => textWidth(tick.label, { size: 12 }))) + 8;
}
