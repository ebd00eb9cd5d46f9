// Packets that do not go on from a stage: dropped with a reason, or gone without having been seen. When more come out
// than went in, somebody else's packets were counted too, and that is said just as loudly.

import { HUES, INK, MUTED } from "./palette.js";
import { element, group, label, stroke, tenth } from "./svg.js";
import { fitCount, wrapText } from "./text-width.js";

/** Packets that left the path at a stage. */
export interface FlowDrop {
  readonly count: number;
  /** e.g. `XDP_DROP` or a kernel drop reason by name. */
  readonly reason: string;
  /** What befell them where `dropped` would be wrong, e.g. `refused` or `to the stack`. */
  readonly fate?: string;
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

/** One entry under a stage. */
export interface Loss {
  readonly count: number;
  readonly kind: "dropped" | "not seen" | "more out than in";
  /** The words beside the count. */
  readonly what: string;
  readonly why: string;
}

const GREY = "#8C959F";
const ARROW_HEIGHT = 34;
const LINE = 17;

/** How many entered a stage and did not come out in any way that was seen; negative where more came out than went in. */
export function unseenAt(stages: readonly FlowStage[], i: number): number {
  if (i === 0) return 0;
  const dropped = (stages[i].drops ?? []).reduce((sum, drop) => sum + drop.count, 0);
  return stages[i - 1].out - stages[i].out - dropped;
}

/** What is to be written under a stage. */
export function lossesAt(stages: readonly FlowStage[], i: number): Loss[] {
  const losses: Loss[] = (stages[i].drops ?? [])
    .filter(({ count }) => count > 0)
    .map(({ count, reason, fate = "dropped" }) => ({ count, kind: "dropped", what: fate, why: reason }));
  const unseen = unseenAt(stages, i);
  if (unseen > 0) losses.push(remark(unseen, "not seen", "went in, neither out nor dropped"));
  if (unseen < 0) losses.push(remark(-unseen, "more out than in", "other traffic, or counted twice"));
  return losses;
}

function remark(count: number, kind: Loss["kind"], why: string): Loss {
  return { count, kind, what: kind, why };
}

/** Draws losses under the middle of a stage, from `top` on. */
export function drawLosses(
  losses: readonly Loss[],
  x: number,
  top: number,
  width: number,
): { svg: string; bottom: number } {
  if (losses.length === 0) return { svg: "", bottom: top };
  let y = top + ARROW_HEIGHT + 4;
  const lines: string[] = [];
  for (const { count, kind, what, why } of losses) {
    const fill = kind === "dropped" ? HUES.vermillion.ink : INK;
    y += LINE;
    lines.push(label(x, y, fitCount(count, ` ${what}`, width), { "font-weight": "bold", fill }));
    for (const line of wrapText(why, width, { size: 12 }, 3)) {
      y += LINE - 1;
      lines.push(label(x, y, line, { "font-size": 12, fill: MUTED }));
    }
    y += 4;
  }
  return { svg: drawArrow(losses[0], x, top) + group({ "text-anchor": "middle" }, ...lines), bottom: y };
}

/** Losses go down and out, what came from elsewhere goes up and in. */
function drawArrow({ kind }: Loss, x: number, top: number): string {
  const color = kind === "dropped" ? HUES.vermillion.fill : GREY;
  const bottom = top + ARROW_HEIGHT;
  const inward = kind === "more out than in";
  const head = inward ? `M${tenth(x)},${top + 3}l-9,13h18Z` : `M${tenth(x)},${bottom}l-9,-13h18Z`;
  const [from, to] = inward ? [top + 15, bottom] : [top + 3, bottom - 12];
  return (
    stroke(x, from, x, to, { stroke: color, "stroke-width": 4 }) + element("path", { d: head, fill: color })
  );
}
