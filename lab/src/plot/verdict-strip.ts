// A capture through a program: one cell a packet, in the order in which they came, with what the packet is and what the
// program said of it.

import { requireAtMost, requireSome } from "./check.js";
import { type Figure, type FigureSpec, MARGIN, makeFigure, WIDTH } from "./figure.js";
import { EMPTY, HAIRLINE, HUES, MUTED } from "./palette.js";
import { formatNumber } from "./quantity.js";
import { box, group, label } from "./svg.js";
import { fitText } from "./text-width.js";

/** A packet and its verdict. */
export interface JudgedPacket {
  /** What it is, in a few letters, e.g. `IPv6`. */
  readonly kind: string;
  /** E.g. `PASS`; null where the program was not run on it. */
  readonly verdict: string | null;
}

/** What verdictStripFigure draws. */
export interface VerdictStripSpec extends FigureSpec {
  /** One to 340 packets. */
  readonly packets: readonly JudgedPacket[];
}

const COLUMNS = 17;
const GUTTER = 34;
const CELL = (WIDTH - 2 * MARGIN - GUTTER) / COLUMNS;
const CELL_HEIGHT = 38;
const TOP = 40;
const LOOKS: Readonly<
  Record<string, { readonly fill: string; readonly ink: string; readonly tint: string }>
> = {
  PASS: HUES.green,
  DROP: HUES.vermillion,
  TX: HUES.blue,
  REDIRECT: HUES.orange,
  ABORTED: HUES.purple,
};
const NOT_RUN = { fill: HAIRLINE, ink: MUTED, tint: EMPTY };
const lookOf = (verdict: string | null) => LOOKS[verdict ?? ""] ?? NOT_RUN;
const nameOf = (verdict: string | null): string => verdict ?? "not run";

/** Draws a capture's packets with their verdicts, and how many there are of each. @throws RangeError where there are no packets or more than 340 */
export function verdictStripFigure(spec: VerdictStripSpec): Figure {
  const { packets, title } = spec;
  requireSome(packets, `packets in "${title}"`);
  requireAtMost(packets.length, 340, "packets", "draw a part of the capture");
  const counts = countVerdicts(packets);
  const rows = Math.ceil(packets.length / COLUMNS);
  const drawing = drawCounts(counts) + drawCells(packets);
  const words = [...counts].map(([verdict, count]) => `${verdict} ${formatNumber(count)}`).join(", ");
  const lines = packets.map(({ kind, verdict }, i) => `${i} ${kind} ${nameOf(verdict)}`);
  return makeFigure(spec, drawing, TOP + rows * CELL_HEIGHT, [words, lines.join("; ")]);
}

/** How many packets got each verdict, the most frequent first. */
function countVerdicts(packets: readonly JudgedPacket[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { verdict } of packets) counts.set(nameOf(verdict), (counts.get(nameOf(verdict)) ?? 0) + 1);
  return new Map([...counts].sort(([, a], [, b]) => b - a));
}

function drawCounts(counts: ReadonlyMap<string, number>): string {
  const pitch = (WIDTH - 2 * MARGIN) / Math.max(5, counts.size);
  return [...counts]
    .map(([verdict, count], i) => {
      const x = MARGIN + i * pitch;
      const { fill } = lookOf(verdict);
      return (
        box(x, 4, 18, 18, { fill }) +
        label(x + 26, 18, formatNumber(count), { "font-size": 16, "font-weight": "bold" }) +
        label(x + 60, 18, verdict)
      );
    })
    .join("");
}

function drawCells(packets: readonly JudgedPacket[]): string {
  const cells = packets.map(({ kind, verdict }, i) => {
    const [column, row] = [i % COLUMNS, Math.floor(i / COLUMNS)];
    const [x, y] = [MARGIN + GUTTER + column * CELL, TOP + row * CELL_HEIGHT];
    const { fill, ink, tint } = lookOf(verdict);
    const letters = verdict === null ? "–" : verdict.slice(0, 4);
    return (
      (column === 0
        ? label(MARGIN + GUTTER - 8, y + 21, String(i), { "text-anchor": "end", fill: MUTED })
        : "") +
      box(x, y, CELL - 3, CELL_HEIGHT - 4, { fill: tint, stroke: fill, rx: 3 }) +
      label(x + CELL / 2 - 1.5, y + 14, fitText(kind, CELL - 5, { size: 12 }), { "text-anchor": "middle" }) +
      label(x + CELL / 2 - 1.5, y + 29, letters, {
        "text-anchor": "middle",
        fill: ink,
      })
    );
  });
  return group({ "font-size": 12 }, ...cells);
}
