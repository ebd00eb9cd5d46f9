// At full speed a link leaves a fixed time for each packet, and whatever the software does must fit in. All bars share one
// time scale, so a link ten times as fast has a bar a tenth as long, while a cache miss stays as long as it was.

import { type Area, drawXAxis, X_AXIS_HEIGHT } from "./axis.js";
import { requireAtMost, requireMagnitude, requireSome } from "./check.js";
import { type Figure, type FigureSpec, MARGIN, makeFigure, WIDTH } from "./figure.js";
import { EMPTY, HUES, type Hue, hueOf, INK, MUTED, PAPER } from "./palette.js";
import { formatNumber, formatQuantity } from "./quantity.js";
import { makeScale, type Scale } from "./scale.js";
import { box, element, group, label, stroke, tenth } from "./svg.js";
import { fitText, textWidth, wrapText } from "./text-width.js";

/** The time that one link speed leaves for a packet. */
export interface Budget {
  /** e.g. `10 GbE, 1518 B`. */
  readonly name: string;
  /** Nanoseconds, above 0. */
  readonly ns: number;
}

/** Something the software does for a packet. */
export interface Cost {
  /** e.g. `cache miss`. */
  readonly name: string;
  /** Nanoseconds, above 0. */
  readonly ns: number;
}

/** What budgetFigure draws. */
export interface BudgetSpec extends FigureSpec {
  /** One to eight budgets. */
  readonly budgets: readonly Budget[];
  /** Up to six costs; each bar shows one of each, end to end, and how many of each would fit. */
  readonly costs: readonly Cost[];
}

const NAME_WIDTH = 128;
const BAR_HEIGHT = 30;
const REMARK = { size: 12 };

/**
 * Draws time budgets with costs inside, to scale.
 *
 * @throws RangeError where there is no budget, or a time is not above 0
 */
export function budgetFigure(spec: BudgetSpec): Figure {
  const { budgets, costs } = spec;
  requireSome(budgets, `budgets in "${spec.title}"`);
  requireAtMost(budgets.length, 8, "budgets", "split the figure");
  requireAtMost(costs.length, 6, "costs", "show the largest");
  for (const each of [...budgets, ...costs]) requireTime(each);
  const most = Math.max(...budgets.map((budget) => budget.ns));
  const left = MARGIN + NAME_WIDTH;
  const right = WIDTH - MARGIN - 84;
  const scale = makeScale({ label: "time for one packet", unit: "ns" }, [most], [left, right], true);
  let y = 2;
  const rows = budgets.map((budget) => {
    const row = drawRow(budget, costs, scale, y, left, right);
    y += row.height;
    return row.svg;
  });
  const area: Area = { left, right, top: 0, bottom: y };
  return makeFigure(
    spec,
    drawXAxis(scale, area) + rows.join(""),
    y + X_AXIS_HEIGHT,
    budgets.map((b) => describe(b, costs)),
  );
}

function requireTime({ name, ns }: Cost): void {
  requireMagnitude(ns, `"${name}"`);
  if (ns === 0)
    throw new RangeError(`Cannot draw "${name}": it takes 0 ns; no figure was made -> leave it out`);
}

function drawRow(
  budget: Budget,
  costs: readonly Cost[],
  scale: Scale,
  top: number,
  left: number,
  right: number,
): { svg: string; height: number } {
  const end = scale.at(budget.ns);
  const middle = top + 4 + BAR_HEIGHT / 2;
  const names = wrapText(budget.name, NAME_WIDTH - 12, { size: 13, bold: true }, 2);
  const remarks = drawRemarks(budget, costs, top + BAR_HEIGHT + 10);
  const parts = [
    box(MARGIN, remarks.top - 3, WIDTH - 2 * MARGIN, remarks.height + 6, { fill: PAPER }),
    ...names.map((line, i) =>
      label(left - 10, middle + 4.5 + (i - (names.length - 1) / 2) * 16, line, {
        "text-anchor": "end",
        "font-weight": "bold",
      }),
    ),
    box(left, middle - BAR_HEIGHT / 2, end - left, BAR_HEIGHT, { fill: EMPTY }),
    drawCosts(costs, budget.ns, scale, middle, left, right),
    box(left, middle - BAR_HEIGHT / 2, end - left, BAR_HEIGHT, {
      fill: "none",
      stroke: INK,
      "stroke-width": 2,
    }),
    drawBudgetTime(budget, costs, scale, middle, right),
    remarks.svg,
  ];
  return { svg: parts.join(""), height: BAR_HEIGHT + 14 + remarks.height + 10 };
}

/** One of each cost, end to end; what sticks out of the budget is outlined, what leaves the scale gets an arrow. */
function drawCosts(
  costs: readonly Cost[],
  budgetNs: number,
  scale: Scale,
  middle: number,
  left: number,
  right: number,
): string {
  let spent = 0;
  const parts = costs.map(({ ns }, i) => {
    const from = scale.at(spent);
    spent += ns;
    const width = scale.at(spent) - from;
    return width > 0 ? box(from, middle - 9, width, 18, { fill: hueOf(i).fill }) : "";
  });
  if (spent > budgetNs) {
    const [from, to] = [scale.at(budgetNs), scale.at(spent)];
    parts.push(box(from, middle - 9, Math.max(0, to - from), 18, { fill: PAPER, opacity: "0.45" }));
    parts.push(stroke(from, middle + 9, to, middle + 9, { stroke: HUES.vermillion.fill, "stroke-width": 3 }));
  }
  if (spent > scale.high) {
    parts.push(
      element("path", {
        d: `M${tenth(right)},${tenth(middle - 12)}l10,12l-10,12Z`,
        fill: HUES.vermillion.fill,
      }),
    );
  }
  return left < right ? parts.join("") : "";
}

function drawBudgetTime(
  { ns }: Budget,
  costs: readonly Cost[],
  scale: Scale,
  middle: number,
  right: number,
): string {
  const spent = costs.reduce((sum, cost) => sum + cost.ns, 0);
  const clear = Math.max(scale.at(ns), scale.at(spent)) + (spent > scale.high ? 16 : 8);
  const words = writeNs(ns);
  const room = WIDTH - MARGIN - Math.min(clear, right + 16);
  return label(clear, middle + 5, fitText(words, room, { size: 14, bold: true }), {
    "font-size": 14,
    "font-weight": "bold",
  });
}

function drawRemarks(
  budget: Budget,
  costs: readonly Cost[],
  top: number,
): { svg: string; top: number; height: number } {
  const left = MARGIN + NAME_WIDTH;
  let [x, y] = [left, top + 13];
  const parts: string[] = [];
  const entries: [string, Hue | undefined][] = costs.map((cost, i) => [fitOf(budget, cost), hueOf(i)]);
  if (costs.length > 1) entries.push([fitOfAll(budget, costs), undefined]);
  for (const [words, hue] of entries) {
    const fitted = fitText(words, WIDTH - MARGIN - left - 16, REMARK);
    const width = textWidth(fitted, REMARK) + (hue ? 16 : 0);
    if (x > left && x + width > WIDTH - MARGIN) {
      x = left;
      y += 18;
    }
    if (hue) parts.push(box(x, y - 10, 11, 11, { fill: hue.fill }));
    parts.push(
      label(
        x + (hue ? 16 : 0),
        y,
        fitted,
        words.startsWith("✗") ? { fill: HUES.vermillion.ink } : { fill: INK },
      ),
    );
    x += width + 18;
  }
  return {
    svg: group({ "font-size": 12, fill: MUTED }, ...parts),
    top,
    height: entries.length === 0 ? 0 : y - top + 5,
  };
}

function fitOf({ ns }: Budget, cost: Cost): string {
  const times = Math.floor(ns / cost.ns + 1e-9);
  if (times === 0) return `✗ ${cost.name} (${writeNs(cost.ns)}) does not fit`;
  return `✓ ${formatNumber(times)} × ${cost.name} (${writeNs(cost.ns)})`;
}

function fitOfAll({ ns }: Budget, costs: readonly Cost[]): string {
  const spent = costs.reduce((sum, cost) => sum + cost.ns, 0);
  const share = spent / ns;
  const total = `one of each: ${writeNs(spent)}`;
  return share <= 1
    ? `✓ ${total}, ${formatNumber(Math.round(share * 100))} % of the budget`
    : `✗ ${total}, ${formatNumber(Number(share.toPrecision(2)))}× the budget`;
}

/** Budgets are known to a tenth of a nanosecond, and `1230.4 ns` is what the literature calls this one. */
function writeNs(ns: number): string {
  return ns < 10_000 ? `${Math.round(ns * 10) / 10} ns` : formatQuantity(ns, "ns");
}

function describe(budget: Budget, costs: readonly Cost[]): string {
  const fits = costs.map((cost) => fitOf(budget, cost));
  if (costs.length > 1) fits.push(fitOfAll(budget, costs));
  return `${budget.name}: ${writeNs(budget.ns)} a packet; ${fits.join("; ")}`;
}
