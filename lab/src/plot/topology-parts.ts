// The pieces of a network's picture: a box for what a packet passes, the arrow up to it, the arrow to another interface.
import { HUES, INK, MUTED, PAPER } from "./palette.js";
import { formatNumber } from "./quantity.js";
import { box, element, label, stroke, tenth } from "./svg.js";
import { fitText, wrapText } from "./text-width.js";
import type { TopologyCount, TopologyFloor, TopologyLink } from "./topology.js";

const LINE = 17;
const SIDE = 14;
const PADDING = 9;
const GREY = "#8C959F";
const STYLE = { size: 12 };

function linesOf({ packets, what }: TopologyCount, width: number): string[] {
  return wrapText(`${formatNumber(packets)} ${what}`, width - 2 * PADDING, STYLE, 2);
}

/** Pixels that a box takes; 0 for none. */
export function floorHeight(floor: TopologyFloor | null, width: number): number {
  if (floor === null) return 0;
  const names = wrapText(floor.name, width - 2 * PADDING, { size: 13, bold: true }, 2);
  const counts = (floor.counts ?? []).flatMap((count) => linesOf(count, width));
  return (names.length + counts.length) * LINE + 2 * PADDING - 4;
}

/** Draws a box with its counts; what ends there is written in another ink. */
export function drawFloor(floor: TopologyFloor, x: number, top: number, width: number): string {
  const height = floorHeight(floor, width);
  const frame = floor.watches
    ? { rx: 6, fill: PAPER, stroke: MUTED, "stroke-dasharray": "5 4" }
    : { rx: 6, fill: PAPER, stroke: INK, "stroke-width": "1.5" };
  let y = top + PADDING - 6;
  const write = (text: string, style: Record<string, string>): string => {
    y += LINE;
    return label(x + PADDING, y, text, style);
  };
  const names = wrapText(floor.name, width - 2 * PADDING, { size: 13, bold: true }, 2);
  return [
    box(x, top, width, height, frame),
    ...names.map((line) => write(line, { "font-weight": "bold" })),
    ...(floor.counts ?? []).flatMap((count) =>
      linesOf(count, width).map((line) =>
        write(line, { "font-size": "12", fill: count.ended ? HUES.vermillion.ink : HUES.blue.ink }),
      ),
    ),
  ].join("");
}

/** The arrow up to a box, with the count of what came up; dashed and grey where nothing did. */
export function drawRise(x: number, from: number, to: number, packets: number): string {
  const color = packets > 0 ? HUES.blue.fill : GREY;
  return [
    stroke(x, from, x, to + 8, lineStyle(packets)),
    element("path", { d: `M${tenth(x)},${tenth(to)}l-6,9h12Z`, fill: color }),
    label(x + 10, (from + to) / 2 + 6, formatNumber(packets), countStyle(packets)),
  ].join("");
}

/** The arrow from one interface to another, below both. */
export function drawLink(
  { packets, what, lost = 0 }: TopologyLink,
  fromX: number,
  toX: number,
  top: number,
  y: number,
): string {
  // Every link leaves on the right and comes in on the left, so that one there and one back never cross.
  const [from, to] = [fromX + SIDE, toX - SIDE];
  const color = packets - lost > 0 ? HUES.blue.fill : GREY;
  const write = (words: string, at: number, style: Record<string, string>): string =>
    label((from + to) / 2, at, fitText(words, Math.abs(to - from) - 8, { size: 13, bold: true }), {
      "text-anchor": "middle",
      ...style,
    });
  const path = `M${tenth(from)},${tenth(top)}V${tenth(y - 10)}H${tenth(to)}V${tenth(top + 9)}`;
  return [
    element("path", { d: path, fill: "none", ...lineStyle(packets - lost) }),
    element("path", { d: `M${tenth(to)},${tenth(top)}l-6,9h12Z`, fill: color }),
    write(`${formatNumber(packets)} ${what}`, y - 15, countStyle(packets)),
    lost > 0
      ? write(`${formatNumber(lost)} lost`, y + 4, { "font-weight": "bold", fill: HUES.vermillion.ink })
      : "",
  ].join("");
}

function lineStyle(packets: number): Record<string, string | number | undefined> {
  return packets > 0
    ? { stroke: HUES.blue.fill, "stroke-width": 2 }
    : { stroke: GREY, "stroke-width": 1.5, "stroke-dasharray": "4 4" };
}

function countStyle(packets: number): Record<string, string> {
  return { "font-weight": "bold", fill: packets > 0 ? HUES.blue.ink : MUTED };
}
