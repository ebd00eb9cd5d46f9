// What every figure has: a title that says what to see, the drawing, and a footer that says where the numbers come
// from. A figure is a value: drawing the same data again gives the same text, and to update one on screen a cell
// gives the new one to the same display.

import { type Displayable, JUPYTER_DISPLAY } from "./display.js";
import { HAIRLINE, HUES, type Hue, INK, MUTED, PAPER } from "./palette.js";
import { box, element, escapeXml, group, label, stroke } from "./svg.js";
import { textWidth, wrapText } from "./text-width.js";

/** Width of every figure in pixels. */
export const WIDTH = 760;
/** Empty pixels left and right of the drawing. */
export const MARGIN = 24;

const FONTS = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', 'DejaVu Sans', sans-serif";

/** Where a figure's numbers come from. */
export interface Provenance {
  /** Processor and how many CPUs, e.g. `AMD EPYC, 2 vCPU`. */
  readonly machine: string;
  /** Kernel release, e.g. `6.18.44`. */
  readonly kernel: string;
  /** `live`: measured just now; `recorded`: an earlier run; `model`: computed, not measured. */
  readonly mode: "live" | "recorded" | "model";
  /** Day of the measurement, e.g. `2026-11-23`. */
  readonly date?: string;
  /** Whose machine a recorded run was made on, where that says more than `machine`. */
  readonly recordedOn?: string;
}

/** What every kind of figure is told. */
export interface FigureSpec {
  /** What the reader should see, as a statement: "Batching hides the system call". */
  readonly title: string;
  /** How to read the figure, or how it was measured. */
  readonly note?: string;
  readonly provenance: Provenance;
}

/** A finished picture and the same thing said in words. */
export interface Figure extends Displayable {
  /** A complete SVG document. */
  readonly svg: string;
  /** The same figures as plain text. */
  readonly text: string;
}

/** Says in one line where numbers come from: `live · AMD EPYC, 2 vCPU · Linux 6.18.44 · 2026-11-23`. */
export function provenanceLine(provenance: Provenance): string {
  return [provenance.mode, origin(provenance)].filter(Boolean).join(" · ");
}

function origin({ machine, kernel, date, recordedOn }: Provenance): string {
  const system = /^\d/.test(kernel) ? `Linux ${kernel}` : kernel;
  return [recordedOn && `recorded on ${recordedOn}`, machine, system, date].filter(Boolean).join(" · ");
}

/**
 * Puts a drawing on its card.
 *
 * @param spec title, note and provenance
 * @param drawing markup whose y starts at 0
 * @param height pixels that the drawing takes
 * @param summary the same data in lines of text
 */
export function makeFigure(
  spec: FigureSpec,
  drawing: string,
  height: number,
  summary: readonly string[],
): Figure {
  const heading = drawHeading(spec);
  const footer = drawFooter(spec.provenance, heading.height + height + 14);
  const text = [
    spec.title,
    ...(spec.note ? [spec.note] : []),
    ...summary,
    provenanceLine(spec.provenance),
  ].join("\n");
  const total = heading.height + height + 14 + footer.height;
  const svg = element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      width: WIDTH,
      height: total,
      viewBox: `0 0 ${WIDTH} ${Math.round(total)}`,
      role: "img",
      "aria-label": spec.title,
      "font-family": FONTS,
      "font-size": 13,
      fill: INK,
    },
    element("desc", {}, escapeXml(text.slice(0, 600))),
    box(0.5, 0.5, WIDTH - 1, total - 1, { rx: 8, fill: PAPER, stroke: HAIRLINE }),
    heading.svg,
    group({ transform: `translate(0 ${heading.height})` }, drawing),
    footer.svg,
  );
  return { svg, text, [JUPYTER_DISPLAY]: () => ({ "image/svg+xml": svg, "text/plain": text }) };
}

function drawHeading({ title, note }: FigureSpec): { svg: string; height: number } {
  const titles = balancedLines(title);
  const notes = note ? wrapText(note, WIDTH - 2 * MARGIN, { size: 13 }, 3) : [];
  let y = 12;
  const lines: string[] = [];
  for (const line of titles) {
    y += 23;
    lines.push(label(MARGIN, y, line, { "font-size": 18, "font-weight": "bold" }));
  }
  for (const line of notes) {
    y += 19;
    lines.push(label(MARGIN, y, line, { fill: MUTED }));
  }
  return { svg: lines.join(""), height: y + 20 };
}

/** Breaks a title so that its last line is not a lonely word: as narrow as it gets without another line. */
function balancedLines(title: string): string[] {
  const style = { size: 18, bold: true };
  let width = WIDTH - 2 * MARGIN;
  let lines = wrapText(title, width, style, 3);
  for (;;) {
    width -= 20;
    const narrower = wrapText(title, width, style, 4);
    if (lines.length === 1 || narrower.length > lines.length || narrower.join(" ") !== lines.join(" "))
      return lines;
    lines = narrower;
  }
}

const MODE_HUES: Readonly<Record<Provenance["mode"], Hue>> = {
  live: HUES.green,
  recorded: HUES.orange,
  model: HUES.purple,
};

function drawFooter(provenance: Provenance, top: number): { svg: string; height: number } {
  const hue = MODE_HUES[provenance.mode];
  const badgeWidth = textWidth(provenance.mode, { size: 12, bold: true }) + 16;
  const lines = wrapText(origin(provenance), WIDTH - 2 * MARGIN - badgeWidth - 10, { size: 12 }, 2);
  const svg = [
    stroke(MARGIN, top, WIDTH - MARGIN, top, { stroke: HAIRLINE }),
    box(MARGIN, top + 9, badgeWidth, 20, { rx: 10, fill: hue.tint, stroke: hue.fill }),
    label(MARGIN + badgeWidth / 2, top + 23.5, provenance.mode, {
      "font-size": 12,
      "font-weight": "bold",
      fill: hue.ink,
      "text-anchor": "middle",
    }),
    ...lines.map((line, i) =>
      label(MARGIN + badgeWidth + 10, top + 23.5 + i * 17, line, { "font-size": 12, fill: MUTED }),
    ),
  ];
  return { svg: svg.join(""), height: 39 + (lines.length - 1) * 17 };
}
