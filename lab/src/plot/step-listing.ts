// The left half of a step: the program's instructions under the C lines that they came from. What was carried out is
// dark, what was not is pale, and the instruction of the moment stands on a coloured bar.

import type { ListedInstruction } from "../bpf/index.js";
import { MARGIN } from "./figure.js";
import { HUES, INK, MUTED } from "./palette.js";
import type { Moment } from "./step.js";
import { box, group, label } from "./svg.js";
import { fitText } from "./text-width.js";

/** Font of code. */
export const MONO = "ui-monospace, Consolas, 'DejaVu Sans Mono', monospace";
/** Pixels of a row of code. */
export const ROW = 17;
const WIDTH = 402;
const INDENT = 52;
/** More rows than this are a window around the moment. */
const MOST_ROWS = 34;

type Row =
  | { readonly kind: "line"; readonly text: string; readonly slots: readonly number[] }
  | { readonly kind: "instruction"; readonly slot: number; readonly text: string };

const sameLine = (a: ListedInstruction, b: ListedInstruction): boolean =>
  a.line?.line === b.line?.line && a.line?.file === b.line?.file;

/** Instructions with their C line above the first of each run of them. */
function rowsOf(listing: readonly ListedInstruction[]): Row[] {
  const rows: Row[] = [];
  for (let i = 0; i < listing.length; ) {
    const first = listing[i];
    const next = listing.findIndex((each, k) => k > i && !sameLine(each, first));
    const run = listing.slice(i, next < 0 ? listing.length : next);
    const slots = run.map(({ slot }) => slot);
    if (first.line !== null)
      rows.push({ kind: "line", text: `${first.line.line}  ${first.line.text}`, slots });
    rows.push(...run.map(({ slot, text }) => ({ kind: "instruction", slot, text }) as const));
    i += run.length;
  }
  return rows;
}

/** The rows that are drawn: all, or those around the instruction of the moment. */
function windowOf(listing: readonly ListedInstruction[], { step }: Moment): Row[] {
  const rows = rowsOf(listing);
  if (rows.length <= MOST_ROWS) return rows;
  const at = rows.findIndex((row) => row.kind === "instruction" && row.slot === step?.slot);
  const first = Math.min(Math.max(0, at - MOST_ROWS / 2), rows.length - MOST_ROWS);
  return rows.slice(first, first + MOST_ROWS);
}

/** Pixels that the listing takes. */
export function listingHeight(listing: readonly ListedInstruction[], moment: Moment): number {
  return windowOf(listing, moment).length * ROW + 6;
}

/** Draws the listing from the figure's left margin on. */
export function drawListing(listing: readonly ListedInstruction[], moment: Moment): string {
  const parts = windowOf(listing, moment).map((row, i) => {
    const y = i * ROW;
    if (row.kind === "instruction") return drawInstruction(row, y, moment);
    return drawLine(row.text, y, moment.step !== null && row.slots.includes(moment.step.slot));
  });
  return group({ "font-size": 12 }, ...parts);
}

function drawLine(text: string, y: number, current: boolean): string {
  const words = fitText(text, WIDTH, { size: 12, bold: current });
  return label(MARGIN, y + 12.5, words, current ? { fill: INK, "font-weight": "bold" } : { fill: MUTED });
}

function drawInstruction(
  { slot, text }: { slot: number; text: string },
  y: number,
  { step, walked }: Moment,
): string {
  const current = step?.slot === slot;
  const fill = current || walked.has(slot) ? INK : "#8C959F";
  const weight = current ? { "font-weight": "bold" } : {};
  const bar = current
    ? box(MARGIN, y, WIDTH, ROW, { fill: HUES.sky.tint, stroke: HUES.sky.fill, rx: 3 })
    : "";
  const number = label(MARGIN + INDENT - 12, y + 12.5, String(slot), { "text-anchor": "end", fill: MUTED });
  const words = fitText(text, (WIDTH - INDENT) * 0.86, { size: 12 });
  return bar + number + label(MARGIN + INDENT, y + 12.5, words, { "font-family": MONO, fill, ...weight });
}
