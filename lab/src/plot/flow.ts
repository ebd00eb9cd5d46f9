// Where did the packets go? Stages in a row, the count on every arrow, losses going down with their reason. What comes
// into a stage and neither goes out nor is dropped was not seen, and that is printed too.

import { requireAtMost, requireCount } from "./check.js";
import { type Figure, type FigureSpec, MARGIN, makeFigure, WIDTH } from "./figure.js";
import { drawLosses, type FlowStage, lossesAt, unseenAt } from "./flow-loss.js";
import { EMPTY, HUES, INK, MUTED } from "./palette.js";
import { formatNumber } from "./quantity.js";
import { box, element, group, label, stroke, tenth } from "./svg.js";
import { fitCount, wrapText } from "./text-width.js";

/** What flowFigure draws. */
export interface FlowSpec extends FigureSpec {
  /** Two to five stages, in the direction of the packets. */
  readonly stages: readonly FlowStage[];
}

const BOX_TOP = 20;
const BOX_HEIGHT = 84;
const LINE = 17;

/**
 * Draws counts along a path.
 *
 * @throws RangeError where there are fewer than two or more than five stages, or a count is not a whole number
 */
export function flowFigure(spec: FlowSpec): Figure {
  const { stages } = spec;
  requireAtMost(stages.length, 5, "stages", "join stages");
  if (stages.length < 2) {
    throw new RangeError(
      `Cannot draw a flow of ${stages.length} stages: it needs a start and an end -> name both`,
    );
  }
  for (const { name, out, drops = [] } of stages) {
    requireCount(out, `packets out of "${name}"`);
    for (const drop of drops) requireCount(drop.count, `drops at "${name}"`);
  }
  const gap = stages.length > 4 ? 70 : 104;
  const width = Math.min(150, (WIDTH - 2 * MARGIN - (stages.length - 1) * gap) / stages.length);
  const left = (WIDTH - stages.length * width - (stages.length - 1) * gap) / 2;
  const most = Math.max(1, ...stages.map((stage) => stage.out));
  let lowest = BOX_TOP + BOX_HEIGHT;
  const parts = stages.map((stage, i) => {
    const x = left + i * (width + gap);
    const last = i === stages.length - 1;
    const middle = x + width / 2;
    const room = Math.min(width + gap - 10, 2 * Math.min(middle - 8, WIDTH - 8 - middle));
    const losses = drawLosses(lossesAt(stages, i), middle, BOX_TOP + BOX_HEIGHT, room);
    lowest = Math.max(lowest, losses.bottom);
    const arrow = last ? "" : drawArrow(x + width, gap, stage.out, most);
    return drawStage(stage, x, width, last) + arrow + losses.svg;
  });
  return makeFigure(
    spec,
    parts.join(""),
    lowest + 6,
    stages.map((_, i) => describe(stages, i)),
  );
}

function drawStage({ name, detail, out }: FlowStage, x: number, width: number, last: boolean): string {
  const names = wrapText(name, width - 4, { size: 13, bold: true }, 2);
  const details = detail ? wrapText(detail, width - 4, { size: 12 }, 2) : [];
  const arrived = last ? [formatNumber(out)] : [];
  const lines = names.length + details.length + arrived.length;
  let y = BOX_TOP + BOX_HEIGHT / 2 - (lines * LINE) / 2 - 4;
  const write = (line: string, style: Record<string, string>) => {
    y += LINE;
    return label(x + width / 2, y, line, style);
  };
  return group(
    { "text-anchor": "middle" },
    box(x, BOX_TOP, width, BOX_HEIGHT, { rx: 6, fill: EMPTY, stroke: INK, "stroke-width": "1.5" }),
    ...names.map((line) => write(line, { "font-weight": "bold" })),
    ...details.map((line) => write(line, { "font-size": "12", fill: MUTED })),
    ...arrived.map((line) => write(line, { "font-weight": "bold", fill: HUES.blue.ink })),
  );
}

/** An arrow as thick as its share of the largest flow; none at all is a dashed grey one. */
function drawArrow(x: number, gap: number, count: number, most: number): string {
  const y = BOX_TOP + BOX_HEIGHT / 2;
  const [from, to] = [x + 4, x + gap - 4];
  const words = label(x + gap / 2, y - 14, fitCount(count, "", gap - 2), {
    "text-anchor": "middle",
    "font-weight": "bold",
    fill: count > 0 ? HUES.blue.ink : MUTED,
  });
  const color = count > 0 ? HUES.blue.fill : "#8C959F";
  const line = stroke(from, y, to - 10, y, {
    stroke: color,
    "stroke-width": count > 0 ? 1.5 + (6.5 * count) / most : 1.5,
    "stroke-dasharray": count > 0 ? undefined : "4 4",
  });
  return words + line + element("path", { d: `M${tenth(to)},${y}l-12,-8v16Z`, fill: color });
}

function describe(stages: readonly FlowStage[], i: number): string {
  const { name, out, drops = [] } = stages[i];
  const parts = drops
    .filter((drop) => drop.count > 0)
    .map(({ count, reason, fate = "dropped" }) => `${count} ${fate} (${reason})`);
  const unseen = unseenAt(stages, i);
  if (unseen > 0) parts.push(`${unseen} not seen`);
  if (unseen < 0) parts.push(`${-unseen} more out than in`);
  const last = i === stages.length - 1;
  return [`${name}: ${out} ${last ? "arrived" : "out"}`, ...parts].join(", ");
}
