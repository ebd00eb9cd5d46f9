// A list of statements with a verdict each, for a slide. The verdict stands first, as a word and as a colour, since nothing
// here is said by colour alone.
import { requireAtMost, requireSome } from "./check.js";
import { type Figure, type FigureSpec, MARGIN, makeFigure, WIDTH } from "./figure.js";
import { EMPTY, HAIRLINE, HUES, MUTED } from "./palette.js";
import { box, label, stroke } from "./svg.js";
import { textWidth, wrapText } from "./text-width.js";

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
/** What each line of a statement after its first adds, and the most lines. */
const LINE_HEIGHT = 15;
const MOST_LINES = 3;
const TEXT_STYLE = { size: 12 };
const BADGE_WIDTH = 132;
const ID_STYLE = { size: 13, bold: true };
const COLOURS: Readonly<Record<string, { readonly tint: string; readonly ink: string }>> = {
  supports: HUES.green,
  contradicts: HUES.vermillion,
};
const GREY = { tint: EMPTY, ink: MUTED };

/**
 * Draws statements and verdicts as lines; a statement that is too long for one has up to three.
 *
 * @throws RangeError where there are no rows or more than forty
 */
export function verdictsFigure(spec: VerdictsSpec): Figure {
  const { rows } = spec;
  requireSome(rows, `rows in "${spec.title}"`);
  requireAtMost(rows.length, 40, "rows", "split the figure");
  const badgeLeft = MARGIN + 14 + Math.max(30, ...rows.map(({ id }) => Math.ceil(textWidth(id, ID_STYLE))));
  const textLeft = badgeLeft + BADGE_WIDTH + 14;
  let top = 0;
  const drawing = rows.map((row) => {
    const lines = wrapText(row.text, WIDTH - MARGIN - textLeft, TEXT_STYLE, MOST_LINES);
    const height = ROW_HEIGHT + (lines.length - 1) * LINE_HEIGHT;
    const drawn = drawRow(row, lines, { top, height, badgeLeft, textLeft });
    top += height;
    return drawn;
  });
  const summary = rows.map(({ id, text, verdict }) => `${id}  ${verdict}: ${text}`);
  return makeFigure(spec, drawing.join(""), top + 4, summary);
}

interface RowPlace {
  readonly top: number;
  readonly height: number;
  readonly badgeLeft: number;
  readonly textLeft: number;
}

function drawRow(
  { id, verdict }: VerdictRow,
  lines: readonly string[],
  { top, height, badgeLeft, textLeft }: RowPlace,
): string {
  const { tint, ink } = COLOURS[verdict] ?? GREY;
  const baseline = top + 17;
  return [
    label(MARGIN, baseline, id, { "font-weight": "bold" }),
    box(badgeLeft, top + 3, BADGE_WIDTH, 20, { rx: 10, fill: tint }),
    label(badgeLeft + BADGE_WIDTH / 2, baseline, verdict, {
      "font-size": 12,
      fill: ink,
      "text-anchor": "middle",
    }),
    ...lines.map((line, i) => label(textLeft, baseline + i * LINE_HEIGHT, line, { "font-size": 12 })),
    stroke(MARGIN, top + height, WIDTH - MARGIN, top + height, { stroke: HAIRLINE }),
  ].join("");
}
