// At full speed a link leaves a fixed time for each packet, and whatever the software does must fit in. All bars share one
// time scale, so a link ten times as fast has a bar a tenth as long, while a cache miss stays as long as it was.

import { type Area, drawXAxis, drawXGrid, X_AXIS_HEIGHT } from "./axis.js";
import { requireAtMost, requireMagnitude, requireSome } from "./check.js";
import { type Figure, type FigureSpec, MARGIN, makeFigure, WIDTH } from "./figure.js";
import { EMPTY, HUES, type Hue, hueOf, INK, PAPER } from "./palette.js";
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
export interface BudgetCost {
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
  readonly costs: readonly BudgetCost[];
}

const LEFT = MARGIN + 142;
const RIGHT = WIDTH - MARGIN - 84;
const BAR_HEIGHT = 30;
const SMALL = { size: 12 };

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
  const axis = { label: "time for one packet (ns)", unit: "" };
  const scale = makeScale(axis, [most], [LEFT, RIGHT], true);
  const key = drawWords(
    costs.map((cost, i) => ({ words: `${cost.name} ${writeNs(cost.ns)}`, hue: hueOf(i) })),
    2,
  );
  let y = costs.length > 0 ? key.height + 14 : 2;
  const rows = budgets.map((budget) => {
    const row = drawRow(budget, costs, scale, y);
    y += row.height;
    return row.svg;
  });
  const area: Area = { left: LEFT, right: RIGHT, top: y - 8, bottom: y };
  const drawing = key.svg + rows.join("") + drawXGrid(scale, area) + drawXAxis(scale, area);
  return makeFigure(
    spec,
    drawing,
    y + X_AXIS_HEIGHT,
    budgets.map((budget) => describe(budget, costs)),
  );
}

function requireTime({ name, ns }: BudgetCost): void {
  requireMagnitude(ns, `"${name}"`);
  if (ns === 0)
    throw new RangeError(`Cannot draw "${name}": it takes 0 ns; no figure was made -> leave it out`);
}

function drawRow(budget: Budget, costs: readonly BudgetCost[], scale: Scale, top: number): Block {
  const width = scale.at(budget.ns) - LEFT;
  const middle = top + 4 + BAR_HEIGHT / 2;
  const names = wrapText(budget.name, LEFT - MARGIN - 12, { size: 13, bold: true }, 2);
  const nameY = (i: number) => middle + 4.5 + (i - (names.length - 1) / 2) * 16;
  const remarks = drawWords(remarksOn(budget, costs), top + BAR_HEIGHT + 10);
  const parts = [
    drawXGrid(scale, { left: LEFT, right: RIGHT, top, bottom: top + BAR_HEIGHT + 8 }),
    group(
      { "text-anchor": "end", "font-weight": "bold" },
      ...names.map((line, i) => label(LEFT - 10, nameY(i), line)),
    ),
    box(LEFT, middle - BAR_HEIGHT / 2, width, BAR_HEIGHT, { fill: EMPTY }),
    drawCosts(costs, budget.ns, scale, middle),
    box(LEFT, middle - BAR_HEIGHT / 2, width, BAR_HEIGHT, { fill: "none", stroke: INK, "stroke-width": 2 }),
    drawBudgetTime(budget, costs, scale, middle),
    remarks.svg,
  ];
  return { svg: parts.join(""), height: BAR_HEIGHT + 22 + remarks.height };
}

/** Markup and the pixels it takes from top to bottom. */
interface Block {
  readonly svg: string;
  readonly height: number;
}

/** One of each cost, end to end; what sticks out of the budget is pale and underlined, what leaves the scale gets an arrow. */
function drawCosts(costs: readonly BudgetCost[], budgetNs: number, scale: Scale, middle: number): string {
  let spent = 0;
  const parts = costs.map(({ ns }, i) => {
    const from = scale.at(spent);
    spent += ns;
    return box(from, middle - 9, scale.at(spent) - from, 18, { fill: hueOf(i).fill });
  });
  if (spent > budgetNs) {
    const [from, to] = [scale.at(budgetNs), scale.at(spent)];
    parts.push(box(from, middle - 9, to - from, 18, { fill: PAPER, opacity: "0.45" }));
    parts.push(
      stroke(from, middle + 10, to, middle + 10, { stroke: HUES.vermillion.fill, "stroke-width": 3 }),
    );
  }
  if (spent > scale.high) {
    const arrow = `M${tenth(RIGHT)},${tenth(middle - 12)}l10,12l-10,12Z`;
    parts.push(element("path", { d: arrow, fill: HUES.vermillion.fill }));
  }
  return parts.join("");
}

function drawBudgetTime({ ns }: Budget, costs: readonly BudgetCost[], scale: Scale, middle: number): string {
  const spent = totalOf(costs);
  const x = Math.max(scale.at(ns), scale.at(spent)) + (spent > scale.high ? 16 : 8);
  const words = fitText(writeNs(ns), WIDTH - x - 6, { size: 14, bold: true });
  return label(x, middle + 5, words, { "font-size": 14, "font-weight": "bold" });
}

/** Words behind a swatch of their colour, as many on a line as fit. */
interface Remark {
  readonly words: string;
  readonly hue?: Hue;
  readonly ink?: string;
}

function drawWords(remarks: readonly Remark[], top: number): Block {
  let [x, y] = [LEFT, top + 12];
  const parts = remarks.map(({ words, hue, ink }) => {
    const indent = hue ? 16 : 0;
    const fitted = fitText(words, WIDTH - MARGIN - LEFT - indent, SMALL);
    const width = textWidth(fitted, SMALL) + indent;
    if (x > LEFT && x + width > WIDTH - MARGIN) [x, y] = [LEFT, y + 18];
    const swatch = hue ? box(x, y - 10, 11, 11, { fill: hue.fill }) : "";
    const part = swatch + label(x + indent, y, fitted, { fill: ink });
    x += width + 16;
    return part;
  });
  return { svg: group({ "font-size": 12 }, ...parts), height: remarks.length === 0 ? 0 : y - top + 6 };
}

function remarksOn({ ns }: Budget, costs: readonly BudgetCost[]): Remark[] {
  const bad = HUES.vermillion.ink;
  const remarks: Remark[] = costs.map((cost, i) => {
    const times = timesIn(ns, cost);
    const words = times > 0 ? `✓ ${formatNumber(times)} × ${cost.name}` : `✗ no ${cost.name} fits`;
    return { words, hue: hueOf(i), ...(times > 0 ? {} : { ink: bad }) };
  });
  if (costs.length < 2) return remarks;
  const share = totalOf(costs) / ns;
  const percent = formatNumber(Math.round(share * 100));
  return [
    ...remarks,
    share <= 1
      ? { words: `✓ one of each takes ${percent} %` }
      : { words: `✗ one of each takes ${formatNumber(Number(share.toPrecision(2)))}× the budget`, ink: bad },
  ];
}

function timesIn(ns: number, cost: BudgetCost): number {
  return Math.floor(ns / cost.ns + 1e-9);
}

function totalOf(costs: readonly BudgetCost[]): number {
  return costs.reduce((sum, cost) => sum + cost.ns, 0);
}

/** Budgets are known to a tenth of a nanosecond, and `1230.4 ns` is what the literature calls this one. */
function writeNs(ns: number): string {
  return ns < 10_000 ? `${Math.round(ns * 10) / 10} ns` : formatQuantity(ns, "ns");
}

function describe(budget: Budget, costs: readonly BudgetCost[]): string {
  const fits = remarksOn(budget, costs).map(({ words }) => words);
  return `${budget.name}: ${writeNs(budget.ns)} a packet; ${fits.join("; ")}`;
}
