// Every frame of a umem has exactly one owner at any time. Count the owners and the sum is the number of frames; if it
// is not, one has been lost, and will never carry a packet again.

import { FRAME_OWNERS, type FrameState, type OwnershipLedger } from "../ring/index.js";
import { requireAtMost, requireSome } from "./check.js";
import { type Figure, type FigureSpec, MARGIN, makeFigure, WIDTH } from "./figure.js";
import { HAIRLINE, HUES, INK, PAPER } from "./palette.js";
import { formatNumber } from "./quantity.js";
import { box, element, group, label, tenth } from "./svg.js";
import { fitText } from "./text-width.js";

/** What framesFigure draws. */
export interface FramesSpec extends FigureSpec {
  /** Who owns what, as takeLedger found it; at most 32 768 frames. */
  readonly ledger: OwnershipLedger;
}

/** How an owner's frames look, in every figure that shows some. */
export interface Look {
  readonly fill: string;
  readonly ink: string;
  readonly letter: string;
  readonly name: string;
}

/** One look for each state of a frame. */
export const FRAME_LOOKS: Readonly<Record<FrameState, Look>> = {
  fill: { fill: HUES.sky.fill, ink: INK, letter: "F", name: "fill ring" },
  kernel: { fill: "#8C959F", ink: INK, letter: "K", name: "kernel" },
  rx: { fill: HUES.blue.fill, ink: PAPER, letter: "R", name: "rx ring" },
  application: { fill: HUES.green.fill, ink: PAPER, letter: "A", name: "application" },
  tx: { fill: HUES.orange.fill, ink: INK, letter: "T", name: "tx ring" },
  completion: { fill: HUES.yellow.fill, ink: INK, letter: "C", name: "completion" },
  unseen: { fill: HAIRLINE, ink: INK, letter: "?", name: "not seen" },
  leaked: { fill: HUES.vermillion.fill, ink: PAPER, letter: "!", name: "leaked" },
  duplicated: { fill: HUES.purple.fill, ink: INK, letter: "2", name: "two owners" },
};

/** Frames go round in this order; the last three are trouble and shown only when there is some. */
const STATES = Object.keys(FRAME_LOOKS) as FrameState[];
/** States in which a frame is not where it should be: not even one among many may be overlooked. */
const TROUBLE: readonly FrameState[] = ["leaked", "duplicated"];
const GRID_TOP = 82;
/** More cells than this would be too small, and the figure too large. */
const MAX_CELLS = 512;

/**
 * Draws each frame as a cell in its owner's colour, with the count of each owner and their sum. Above 512 frames a
 * cell stands for several neighbours and takes the colour of most of them, or of trouble where there is any.
 *
 * @throws RangeError where there are no frames or more than 32 768
 */
export function framesFigure(spec: FramesSpec): Figure {
  const { frames, equation } = spec.ledger;
  requireSome(frames, `frames in "${spec.title}"`);
  requireAtMost(frames.length, 32_768, "frames", "draw a part of the umem");
  const perCell = Math.ceil(frames.length / MAX_CELLS);
  const cells = majorities(frames, perCell);
  const columns = cells.length > 64 ? 32 : 16;
  const pitch = (WIDTH - 2 * MARGIN) / columns;
  const height = columns === 32 ? pitch : 32;
  const rows = Math.ceil(cells.length / columns);
  const drawing = drawCounts(spec.ledger) + drawCells(cells, columns, pitch, height);
  const mixed =
    perCell > 1
      ? `One cell is ${perCell} neighbouring frames, coloured by most of them, or by trouble where there is any.`
      : "";
  const note = [spec.note, mixed].filter(Boolean).join(" ");
  return makeFigure(note ? { ...spec, note } : spec, drawing, GRID_TOP + rows * height + 4, [equation]);
}

function countOf(frames: readonly FrameState[], state: FrameState): number {
  return frames.reduce((count, each) => count + (each === state ? 1 : 0), 0);
}

function majorities(frames: readonly FrameState[], perCell: number): FrameState[] {
  const cells: FrameState[] = [];
  for (let start = 0; start < frames.length; start += perCell) {
    const part = frames.slice(start, start + perCell);
    const counts = STATES.map((state) => countOf(part, state) * (TROUBLE.includes(state) ? perCell : 1));
    cells.push(STATES[counts.indexOf(Math.max(...counts))]);
  }
  return cells;
}

/** Draws how many frames each owner has, and their sum; 70 pixels high. */
export function drawCounts({ frames, counts, equation, conserved }: OwnershipLedger): string {
  const owners: readonly FrameState[] = FRAME_OWNERS;
  const shown = STATES.filter((state) => owners.includes(state) || frames.includes(state));
  const pitch = (WIDTH - 2 * MARGIN) / shown.length;
  const parts = shown.map((state, i) => {
    const { fill, ink, letter, name } = FRAME_LOOKS[state];
    const x = MARGIN + i * pitch;
    const count = (counts as Partial<Record<FrameState, number>>)[state] ?? countOf(frames, state);
    return (
      box(x, 2, 22, 22, { fill, stroke: HAIRLINE }) +
      label(x + 11, 17.5, letter, { "text-anchor": "middle", "font-weight": "bold", fill: ink }) +
      label(x + 29, 19, formatNumber(count), {
        "font-size": shown.length > 6 ? 14 : 16,
        "font-weight": "bold",
      }) +
      label(x, 42, fitText(name, pitch - 6, { size: 12 }), { "font-size": 12 })
    );
  });
  const sum = fitText(`${conserved ? "✓" : "✗"} ${equation}`, WIDTH - 2 * MARGIN, { size: 12 });
  return (
    parts.join("") +
    label(MARGIN, 66, sum, { "font-size": 12, fill: conserved ? HUES.green.ink : HUES.vermillion.ink })
  );
}

/** Draws one cell a frame from 82 pixels down. */
export function drawCells(
  cells: readonly FrameState[],
  columns: number,
  pitch: number,
  height: number,
): string {
  const at = (i: number) =>
    [MARGIN + (i % columns) * pitch, GRID_TOP + Math.floor(i / columns) * height] as const;
  const [w, h] = [tenth(pitch - 2), tenth(height - 2)];
  const paths = STATES.map((state) => {
    const squares = cells.map((cell, i) => {
      if (cell !== state) return "";
      const [x, y] = at(i);
      return `M${tenth(x)},${tenth(y)}h${w}v${h}h-${w}z`;
    });
    return squares.some(Boolean)
      ? element("path", { d: squares.join(""), fill: FRAME_LOOKS[state].fill })
      : "";
  });
  if (cells.length > 64) return paths.join("");
  const letters = cells.map((cell, i) => {
    const [x, y] = at(i);
    return label(x + pitch / 2 - 1, y + height / 2 + 3.5, `${FRAME_LOOKS[cell].letter} ${i}`, {
      fill: FRAME_LOOKS[cell].ink,
    });
  });
  return paths.join("") + group({ "text-anchor": "middle", "font-size": 12 }, ...letters);
}
