// Every frame of a umem has exactly one owner at any time. Count the owners and the sum is the number of frames; if it
// is not, one has been lost, and will never carry a packet again.

import { requireAtMost, requireSome } from "./check.js";
import { type Figure, type FigureSpec, MARGIN, makeFigure, WIDTH } from "./figure.js";
import { HAIRLINE, HUES, INK, PAPER } from "./palette.js";
import { formatNumber } from "./quantity.js";
import { box, element, group, label, tenth } from "./svg.js";

/** Who holds a frame; `lost` is a frame that nobody holds. */
export type FrameOwner = "fill" | "rx" | "application" | "tx" | "completion" | "kernel" | "lost";

/** What framesFigure draws. */
export interface FramesSpec extends FigureSpec {
  /** The owner of each frame, in the order of the frames in the umem; at most 32 768. */
  readonly owners: readonly FrameOwner[];
}

interface Look {
  readonly fill: string;
  readonly ink: string;
  readonly letter: string;
  readonly name: string;
}

const LOOKS: Readonly<Record<FrameOwner, Look>> = {
  fill: { fill: HUES.sky.fill, ink: INK, letter: "F", name: "fill ring" },
  kernel: { fill: "#8C959F", ink: INK, letter: "K", name: "kernel" },
  rx: { fill: HUES.blue.fill, ink: PAPER, letter: "R", name: "rx ring" },
  application: { fill: HUES.green.fill, ink: PAPER, letter: "A", name: "application" },
  tx: { fill: HUES.orange.fill, ink: INK, letter: "T", name: "tx ring" },
  completion: { fill: HUES.yellow.fill, ink: INK, letter: "C", name: "completion" },
  lost: { fill: HUES.vermillion.fill, ink: PAPER, letter: "!", name: "lost" },
};

/** Frames go round in this order: receive on the left, transmit on the right. */
const OWNERS = Object.keys(LOOKS) as FrameOwner[];
const GRID_TOP = 66;
/** More cells than this would be too small, and the figure too large. */
const MAX_CELLS = 512;

/**
 * Draws each frame as a cell in its owner's colour, with the count of each owner and their sum. Above 512 frames a
 * cell stands for several neighbours and takes the colour of most of them.
 *
 * @throws RangeError where there are no frames or more than 32 768
 */
export function framesFigure(spec: FramesSpec): Figure {
  const { owners } = spec;
  requireSome(owners, `frames in "${spec.title}"`);
  requireAtMost(owners.length, 32_768, "frames", "draw a part of the umem");
  const perCell = Math.ceil(owners.length / MAX_CELLS);
  const cells = majorities(owners, perCell);
  const columns = cells.length > 64 ? 32 : 16;
  const pitch = (WIDTH - 2 * MARGIN) / columns;
  const height = columns === 32 ? pitch : 32;
  const rows = Math.ceil(cells.length / columns);
  const scale = perCell === 1 ? "" : `One cell is ${perCell} neighbouring frames, coloured by most of them.`;
  const drawing = drawCounts(owners) + drawCells(cells, columns, pitch, height);
  const noted = scale === "" ? spec : { ...spec, note: [spec.note, scale].filter(Boolean).join(" ") };
  return makeFigure(noted, drawing, GRID_TOP + rows * height + 4, describe(owners));
}

function countOf(owners: readonly FrameOwner[], owner: FrameOwner): number {
  return owners.reduce((count, each) => count + (each === owner ? 1 : 0), 0);
}

function majorities(owners: readonly FrameOwner[], perCell: number): FrameOwner[] {
  const cells: FrameOwner[] = [];
  for (let start = 0; start < owners.length; start += perCell) {
    const part = owners.slice(start, start + perCell);
    const counts = OWNERS.map((owner) => countOf(part, owner));
    cells.push(OWNERS[counts.indexOf(Math.max(...counts))]);
  }
  return cells;
}

function drawCounts(owners: readonly FrameOwner[]): string {
  const shown = OWNERS.filter((owner) => owner !== "lost" || countOf(owners, "lost") > 0);
  const pitch = (WIDTH - 2 * MARGIN) / shown.length;
  const parts = shown.map((owner, i) => {
    const { fill, ink, letter, name } = LOOKS[owner];
    const x = MARGIN + i * pitch;
    return (
      box(x, 2, 22, 22, { fill, stroke: HAIRLINE }) +
      label(x + 11, 17.5, letter, { "text-anchor": "middle", "font-weight": "bold", fill: ink }) +
      label(x + 29, 19, formatNumber(countOf(owners, owner)), { "font-size": 16, "font-weight": "bold" }) +
      label(x, 42, name, { "font-size": 12 })
    );
  });
  return parts.join("");
}

function drawCells(cells: readonly FrameOwner[], columns: number, pitch: number, height: number): string {
  const at = (i: number) =>
    [MARGIN + (i % columns) * pitch, GRID_TOP + Math.floor(i / columns) * height] as const;
  const [w, h] = [tenth(pitch - 2), tenth(height - 2)];
  const paths = OWNERS.map((owner) => {
    const squares = cells.map((cell, i) => {
      if (cell !== owner) return "";
      const [x, y] = at(i);
      return `M${tenth(x)},${tenth(y)}h${w}v${h}h-${w}z`;
    });
    return squares.some(Boolean) ? element("path", { d: squares.join(""), fill: LOOKS[owner].fill }) : "";
  });
  if (cells.length > 64) return paths.join("");
  const letters = cells.map((cell, i) => {
    const [x, y] = at(i);
    return label(x + pitch / 2 - 1, y + height / 2 + 3.5, `${LOOKS[cell].letter} ${i}`, {
      fill: LOOKS[cell].ink,
    });
  });
  return paths.join("") + group({ "text-anchor": "middle", "font-size": 12 }, ...letters);
}

function describe(owners: readonly FrameOwner[]): string[] {
  const terms = OWNERS.filter((owner) => owner !== "lost").map(
    (owner) => `${owner} ${countOf(owners, owner)}`,
  );
  const lost = countOf(owners, "lost");
  const sum = owners.length - lost;
  return [
    `${terms.join(" + ")} = ${sum} of ${owners.length} frames${lost > 0 ? `; ${lost} lost` : ", all accounted for"}`,
  ];
}
