// A ring is an array whose end is joined to its start, and two numbers that only ever grow. Producer and consumer look
// at `cursor & mask` to find their slot; the difference of the cursors is how many entries wait.

import type { RingSnapshot, SlotSnapshot, SlotState } from "../ring/index.js";
import { requireAtMost, requireSome } from "./check.js";
import { type Figure, type FigureSpec, makeFigure } from "./figure.js";
import { EMPTY, HAIRLINE, HUES, INK, MUTED, PAPER } from "./palette.js";
import { formatNumber } from "./quantity.js";
import { box, element, group, label, tenth } from "./svg.js";
import { fitText, textWidth, wrapText } from "./text-width.js";

/** What ringFigure draws. */
export interface RingSpec extends FigureSpec {
  /** The ring's name, e.g. `fill ring`. */
  readonly name: string;
  /** A ring of at most 64 slots, as snapshotRing gives it. */
  readonly ring: RingSnapshot;
}

const CENTRE = { x: 212, y: 196 };
const OUTER = 160;
const INNER = 98;
const HEIGHT = 392;
const PANEL = 430;
const PANEL_WIDTH = 306;

const LOOKS: Readonly<
  Record<SlotState, { readonly fill: string; readonly ink: string; readonly means: string }>
> = {
  filled: { fill: HUES.blue.fill, ink: PAPER, means: "submitted, waits for the consumer" },
  reserved: { fill: HUES.orange.fill, ink: INK, means: "reserved, the producer is writing" },
  free: { fill: EMPTY, ink: MUTED, means: "free" },
};

/**
 * Draws a ring as a circle: slots by state, both cursors, and what the cursors mean as slots and rounds.
 *
 * @throws RangeError where the ring has no slots or more than 64
 */
export function ringFigure(spec: RingSpec): Figure {
  const { ring } = spec;
  requireSome(ring.slots, `slots of "${spec.name}"`);
  requireAtMost(ring.slots.length, 64, "slots", "draw a smaller ring; the rules are the same");
  const filled = countOf(ring, "filled");
  const drawing = [
    group({ stroke: PAPER, "stroke-width": 2 }, ...ring.slots.map((slot) => drawSlot(slot, ring.size))),
    drawSlotWords(ring),
    drawCursor("P", ring.producerCursor, ring.size, OUTER + 25, OUTER + 4, HUES.vermillion.ink),
    drawCursor("C", ring.consumerCursor, ring.size, INNER - 25, INNER - 4, HUES.green.ink),
    label(CENTRE.x, CENTRE.y + 6, `${filled} of ${ring.size}`, {
      "text-anchor": "middle",
      "font-size": 20,
      "font-weight": "bold",
    }),
    label(CENTRE.x, CENTRE.y + 25, "filled", { "text-anchor": "middle", fill: MUTED }),
    drawPanel(spec, filled),
  ];
  return makeFigure(spec, drawing.join(""), HEIGHT, describe(spec));
}

/** Where a slot's edge or middle lies on the circle; slot 0 starts at twelve o'clock, clockwise. */
function onCircle(slot: number, size: number, radius: number): readonly [number, number] {
  const angle = (slot / size) * 2 * Math.PI - Math.PI / 2;
  return [CENTRE.x + radius * Math.cos(angle), CENTRE.y + radius * Math.sin(angle)];
}

function drawSlot({ slot, state }: SlotSnapshot, size: number): string {
  const fill = LOOKS[state].fill;
  if (size === 1) {
    const radius = (OUTER + INNER) / 2;
    return element("circle", {
      cx: CENTRE.x,
      cy: CENTRE.y,
      r: radius,
      fill: "none",
      stroke: fill,
      "stroke-width": OUTER - INNER,
    });
  }
  const [a, b, c, d] = [
    onCircle(slot, size, OUTER),
    onCircle(slot + 1, size, OUTER),
    onCircle(slot + 1, size, INNER),
    onCircle(slot, size, INNER),
  ].map(([x, y]) => `${tenth(x)},${tenth(y)}`);
  return element("path", {
    d: `M${a}A${OUTER},${OUTER} 0 0 1 ${b}L${c}A${INNER},${INNER} 0 0 0 ${d}Z`,
    fill,
  });
}

function drawSlotWords({ slots, size }: RingSnapshot): string {
  const every = size > 32 ? 4 : 1;
  const room = (2 * Math.PI * (INNER + 19)) / size - 4;
  const fits = (each: SlotSnapshot) => textWidth(each.addr.toString(16), { size: 12 }) <= room;
  const withAddr = size <= 16 && slots.every(fits);
  const words = slots.map((each) => {
    if (each.slot % every !== 0) return "";
    const [x, y] = onCircle(each.slot + 0.5, size, withAddr ? OUTER - 16 : (OUTER + INNER) / 2);
    const ink = LOOKS[each.state].ink;
    const number = label(x, y + 4, String(each.slot), { fill: ink, "font-weight": "bold" });
    if (!withAddr || each.state === "free") return number;
    const [ax, ay] = onCircle(each.slot + 0.5, size, INNER + 19);
    return number + label(ax, ay + 4, each.addr.toString(16), { fill: ink });
  });
  return group({ "text-anchor": "middle", "font-size": 12 }, ...words);
}

function drawCursor(
  letter: string,
  cursor: number,
  size: number,
  radius: number,
  tip: number,
  ink: string,
): string {
  const middle = (cursor % size) + 0.5;
  const [x, y] = onCircle(middle, size, radius);
  const [tipX, tipY] = onCircle(middle, size, tip);
  const pointer = element("line", { x1: x, y1: y, x2: tipX, y2: tipY, stroke: ink, "stroke-width": 5 });
  return pointer + drawLetter(letter, x, y, ink);
}

function drawLetter(letter: string, x: number, y: number, ink: string): string {
  const circle = element("circle", { cx: x, cy: y, r: 12, fill: ink, stroke: PAPER, "stroke-width": 1.5 });
  const style = { "text-anchor": "middle", "font-weight": "bold", fill: PAPER };
  return circle + label(x, y + 4.7, letter, style);
}

function drawPanel({ name, ring }: RingSpec, filled: number): string {
  const parts = [
    label(PANEL, 46, fitText(name, PANEL_WIDTH, { size: 16, bold: true }), {
      "font-size": 16,
      "font-weight": "bold",
    }),
  ];
  parts.push(drawCursorWords("P", "producer", ring.producerCursor, ring.size, 82, HUES.vermillion.ink));
  parts.push(drawCursorWords("C", "consumer", ring.consumerCursor, ring.size, 142, HUES.green.ink));
  (["filled", "reserved", "free"] as const).forEach((state, i) => {
    const y = 206 + i * 28;
    const { fill, means } = LOOKS[state];
    parts.push(box(PANEL, y - 13, 18, 18, { fill, stroke: HAIRLINE }));
    parts.push(
      label(PANEL + 50, y + 1, String(countOf(ring, state)), { "text-anchor": "end", "font-weight": "bold" }),
    );
    parts.push(label(PANEL + 60, y + 1, means));
  });
  wrapText(moodOf(ring, filled), PANEL_WIDTH, { size: 13 }, 3).forEach((line, i) => {
    parts.push(label(PANEL, 306 + i * 18, line, { fill: MUTED }));
  });
  return parts.join("");
}

function drawCursorWords(
  letter: string,
  name: string,
  cursor: number,
  size: number,
  y: number,
  ink: string,
): string {
  return (
    drawLetter(letter, PANEL + 12, y, ink) +
    label(PANEL + 36, y, `${name} cursor ${formatExact(cursor)}`, { "font-weight": "bold", fill: ink }) +
    label(PANEL + 36, y + 19, placeOf(cursor, size), { fill: MUTED })
  );
}

function placeOf(cursor: number, size: number): string {
  return `& ${size - 1} = slot ${cursor % size}, round ${formatExact(Math.floor(cursor / size))}`;
}

function moodOf({ size, slots, consumerCursor, producerCursor }: RingSnapshot, filled: number): string {
  const taken = slots.filter((slot) => slot.state !== "free").length;
  if (filled === 0 && taken === 0) return "Empty: both cursors are equal, the consumer has to wait.";
  if (taken === size) return "Full: no slot is free, the producer has to wait.";
  const wraps =
    producerCursor < consumerCursor ? " The producer's u32 has wrapped; the difference still holds." : "";
  return `Producer minus consumer = ${filled} ${filled === 1 ? "entry waits" : "entries wait"}.${wraps}`;
}

function formatExact(value: number): string {
  return value < 1e7 ? formatNumber(value) : `0x${value.toString(16)}`;
}

function countOf({ slots }: RingSnapshot, state: SlotState): number {
  return slots.filter((slot) => slot.state === state).length;
}

function describe({ name, ring }: RingSpec): string[] {
  const { size, producerCursor, consumerCursor } = ring;
  const marks = { filled: "#", reserved: "+", free: "." };
  return [
    `${name}: ${size} slots, ${countOf(ring, "filled")} filled (#), ${countOf(ring, "reserved")} reserved (+), ${countOf(ring, "free")} free (.)`,
    ring.slots.map((slot) => marks[slot.state]).join(""),
    `producer cursor ${producerCursor} ${placeOf(producerCursor, size)}`,
    `consumer cursor ${consumerCursor} ${placeOf(consumerCursor, size)}`,
  ];
}
