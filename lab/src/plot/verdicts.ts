// A list of statements with a verdict each, for a slide. The verdict stands first, as a word and as a colour, since nothing
// here is said by colour alone.
import { requireAtMost, requireSome } from "./check.js";
import { type Figure, type FigureSpec, MARGIN, makeFigure, WIDTH } from "./figure.js";
import { EMPTY, HAIRLINE, HUES, MUTED } from "./palette.js";
import { box, label, stroke } from "./svg.js";
import { fitText, textWidth } from "./text-width.js";

/** One statement. */
export interface VerdictRow {
  /** Short, e.g. `C07` or `MegaPipe`. */
  readonly id: string;
  readonly text: string;
  /** `supports` and `contradicts` have colours of their own; any other word is grey. */
  readonly verdict: string;
}

/** What verdictsFigure draws. */
export interface VerdictsSpec extends FigureSpec {
  /** One to forty statements, from top to bottom. */
  readonly rows: readonly VerdictRow[];
}

const ROW_HEIGHT = 25;
const BADGE_WIDTH = 132;
const ID_STYLE = { size: 13, bold: true };
const COLOURS: Readonly<Record<string, { readonly tint: string; readonly ink: string }>> = {
  supports: HUES.green,
  contradicts: HUES.vermillion,
};
const GREY = { tint: EMPTY, ink: MUTED };

/**
 * Draws statements and verdicts as lines; a statement that is too long for its line is cut with "…" in the drawing, not in the text.
 *
 * @throws RangeError where there are no rows or more than forty
 */
export function verdictsFigure(spec: VerdictsSpec): Figure {
  const { rows } = spec;
  requireSome(rows, `rows in "${spec.title}"`);
  requireAtMost(rows.length, 40, "rows", "split the figure");
  const badgeLeft = MARGIN + 14 + Math.max(30, ...rows.map(({ id }) => Math.ceil(textWidth(id, ID_STYLE))));
  const drawing = rows.map((row, i) => drawRow(row, i * ROW_HEIGHT, badgeLeft)).join("");
  const summary = rows.map(({ id, text, verdict }) => `${id}  ${verdict}: ${text}`);
  return makeFigure(spec, drawing, rows.length * ROW_HEIGHT + 4, summary);
}

function drawRow({ id, text, verdict }: VerdictRow, top: number, badgeLeft: number): string {
  const { tint, ink } = COLOURS[verdict] ?? GREY;
  const baseline = top + 17;
  const textLeft = badgeLeft + BADGE_WIDTH + 14;
  const shown = fitText(text, WIDTH - MARGIN - textLeft, { size: 12 });
  return [
    label(MARGIN, baseline, id, { "font-weight": "bold" }),
    box(badgeLeft, top + 3, BADGE_WIDTH, 20, { rx: 10, fill: tint }),
    label(badgeLeft + BADGE_WIDTH / 2, baseline, verdict, {
      "font-size": 12,
      fill: ink,
      "text-anchor": "middle",
    }),
    label(textLeft, baseline, shown, { "font-size": 12 }),
    stroke(MARGIN, top + ROW_HEIGHT, WIDTH - MARGIN, top + ROW_HEIGHT, { stroke: HAIRLINE }),
  ].join("");
}
