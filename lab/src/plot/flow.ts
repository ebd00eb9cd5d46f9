// Where did the packets go? Stages in a row, the count on every arrow, losses going down with their reason. What comes
// into a stage and neither goes out nor is dropped was not seen, and that is printed too.

import { requireAtMost, requireCount } from "./check.js";
import { type Figure, type FigureSpec, MARGIN, makeFigure, WIDTH } from "./figure.js";
import { EMPTY, HUES, INK, MUTED } from "./palette.js";
import { formatNumber } from "./quantity.js";
import { box, element, group, label, stroke, tenth } from "./svg.js";
import { fitText, wrapText } from "./text-width.js";

/** Packets that ended at a stage. */
export interface FlowDrop {
  readonly count: number;
  /** e.g. `XDP_DROP` or a kernel drop reason by name. */
  readonly reason: string;
}

/** A place that packets pass. */
export interface FlowStage {
  readonly name: string;
  /** A few words under the name, e.g. `veth-b, queue 0`. */
  readonly detail?: string;
  /** How many left this stage for the next; for the last stage how many arrived in the end and stayed. */
  readonly out: number;
  readonly drops?: readonly FlowDrop[];
}

/** What flowFigure draws. */
export interface FlowSpec extends FigureSpec {
  /** Two to six stages, in the direction of the packets. */
  readonly stages: readonly FlowStage[];
}

const BOX_TOP = 20;
const BOX_HEIGHT = 84;
const LINE = 17;

/**
 * Draws counts along a path.
 *
 * @throws RangeError where there are fewer than two or more than six stages, or a count is not a whole number
 */
export function flowFigure(spec: FlowSpec): Figure {
  const { stages } = spec;
  requireAtMost(stages.length, 6, "stages", "join stages");
  if (stages.length < 2) {
    throw new RangeError(
      `Cannot draw a flow of ${stages.length} stages: it needs a start and an end -> name both`,
    );
  }
  for (const { name, out, drops = [] } of stages) {
    requireCount(out, `packets out of "${name}"`);
    for (const drop of drops) requireCount(drop.count, `drops at "${name}"`);
  }
  const gap = stages.length > 4 ? 78 : 104;
  const width = Math.min(150, (WIDTH - 2 * MARGIN - (stages.length - 1) * gap) / stages.length);
  const left = (WIDTH - stages.length * width - (stages.length - 1) * gap) / 2;
  const most = Math.max(1, ...stages.map((stage) => stage.out));
  let lowest = BOX_TOP + BOX_HEIGHT;
  const parts = stages.map((stage, i) => {
    const x = left + i * (width + gap);
    const last = i === stages.length - 1;
    const losses = drawLosses(lossesAt(stages, i), x + width / 2, width + gap - 10);
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

/** How many entered a stage and did not come out in any way that was seen; negative where more came out than went in. */
function unseenAt(stages: readonly FlowStage[], i: number): number {
  if (i === 0) return 0;
  const dropped = (stages[i].drops ?? []).reduce((sum, drop) => sum + drop.count, 0);
  return stages[i - 1].out - stages[i].out - dropped;
}

function lossesAt(stages: readonly FlowStage[], i: number): readonly { words: string[]; seen: boolean }[] {
  const losses = (stages[i].drops ?? [])
    .filter((drop) => drop.count > 0)
    .map((drop) => ({ words: [`${formatNumber(drop.count)} dropped`, drop.reason], seen: true }));
  const unseen = unseenAt(stages, i);
  if (unseen > 0)
    losses.push({
      words: [`${formatNumber(unseen)} not seen`, "went in, neither out nor dropped"],
      seen: false,
    });
  if (unseen < 0)
    losses.push({
      words: [`${formatNumber(-unseen)} more out than in`, "other traffic, or counted twice"],
      seen: false,
    });
  return losses;
}

function drawStage({ name, detail, out }: FlowStage, x: number, width: number, last: boolean): string {
  const names = wrapText(name, width - 10, { size: 13, bold: true }, 2);
  const details = detail ? wrapText(detail, width - 8, { size: 12 }, 2) : [];
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
  const words = label(x + gap / 2, y - 14, fitText(formatNumber(count), gap - 2, { size: 13, bold: true }), {
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

function drawLosses(
  losses: readonly { words: string[]; seen: boolean }[],
  x: number,
  width: number,
): { svg: string; bottom: number } {
  const top = BOX_TOP + BOX_HEIGHT;
  if (losses.length === 0) return { svg: "", bottom: top };
  const color = losses[0].seen ? HUES.vermillion : { fill: "#8C959F", ink: INK };
  const arrow =
    stroke(x, top + 3, x, top + 22, { stroke: color.fill, "stroke-width": 4 }) +
    element("path", { d: `M${tenth(x)},${top + 34}l-9,-13h18Z`, fill: color.fill });
  let y = top + 38;
  const lines: string[] = [];
  for (const { words, seen } of losses) {
    const ink = seen ? HUES.vermillion.ink : INK;
    y += LINE;
    lines.push(
      label(x, y, fitText(words[0], width, { size: 13, bold: true }), { "font-weight": "bold", fill: ink }),
    );
    for (const line of wrapText(words[1], width, { size: 12 }, 3)) {
      y += LINE - 1;
      lines.push(label(x, y, line, { "font-size": 12, fill: MUTED }));
    }
    y += 4;
  }
  return { svg: arrow + group({ "text-anchor": "middle" }, ...lines), bottom: y };
}

function describe(stages: readonly FlowStage[], i: number): string {
  const { name, out, drops = [] } = stages[i];
  const parts = drops
    .filter((drop) => drop.count > 0)
    .map((drop) => `${drop.count} dropped (${drop.reason})`);
  const unseen = unseenAt(stages, i);
  if (unseen > 0) parts.push(`${unseen} not seen`);
  if (unseen < 0) parts.push(`${-unseen} more out than in`);
  const last = i === stages.length - 1;
  return [`${name}: ${out} ${last ? "arrived" : "out"}`, ...parts].join(", ");
}
