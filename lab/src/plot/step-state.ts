// The right half of a step: what the registers hold, and the packet's first bytes with those that the program looked at.

import { MARGIN, WIDTH } from "./figure.js";
import { EMPTY, HAIRLINE, HUES, INK, MUTED, PAPER } from "./palette.js";
import type { Moment } from "./step.js";
import { MONO, ROW } from "./step-listing.js";
import { box, group, label } from "./svg.js";
import { fitText } from "./text-width.js";

const LEFT = 446;
const SPAN = WIDTH - MARGIN - LEFT;
const REGISTERS = 11;
const PACKET_TOP = 26 + REGISTERS * ROW + 14;
const PER_ROW = 12;
const CELL = SPAN / PER_ROW;
/** Bytes drawn: up to the end of an IPv4 header and a few more. */
const MOST_BYTES = 48;
const CELL_HEIGHT = 19;

/** Pixels that the state takes. */
export const STATE_HEIGHT: number = PACKET_TOP + 22 + (MOST_BYTES / PER_ROW) * CELL_HEIGHT + 4;

/** Draws registers and packet. */
export function drawState(moment: Moment): string {
  return drawRegisters(moment) + drawPacket(moment);
}

function drawRegisters({ registers, step }: Moment): string {
  const changed = new Set(step?.written.map(({ register }) => register));
  const rows = Array.from({ length: REGISTERS }, (_, register) => {
    const y = 20 + register * ROW;
    const held = registers.get(register);
    const bar = changed.has(register)
      ? box(LEFT, y, SPAN, ROW, { fill: HUES.orange.tint, stroke: HUES.orange.fill, rx: 3 })
      : "";
    const name = label(LEFT + 6, y + 12.5, `r${register}`, { "font-family": MONO, fill: MUTED });
    const text = fitText(held ?? "nothing known", SPAN - 50, { size: 12 });
    const look = held === undefined ? { fill: "#8C959F" } : { "font-family": MONO, fill: INK };
    return bar + name + label(LEFT + 42, y + 12.5, text, look);
  });
  return label(LEFT, 13, "registers", { "font-weight": "bold" }) + group({ "font-size": 12 }, ...rows);
}

function drawPacket({ packet, touched, touching }: Moment): string {
  const drawn = packet.subarray(0, MOST_BYTES);
  const title = `packet, ${packet.length} bytes${packet.length > MOST_BYTES ? `, the first ${MOST_BYTES}` : ""}`;
  const cells = Array.from(drawn, (byte, i) => {
    const [x, y] = [LEFT + (i % PER_ROW) * CELL, PACKET_TOP + 18 + Math.floor(i / PER_ROW) * CELL_HEIGHT];
    const now = touching.has(i);
    const fill = now ? HUES.orange.fill : touched.has(i) ? HUES.sky.tint : PAPER;
    const stroke = now ? HUES.orange.ink : touched.has(i) ? HUES.sky.fill : byte === 0 ? EMPTY : HAIRLINE;
    const weight = now ? { "font-weight": "bold" } : {};
    const text = byte.toString(16).padStart(2, "0");
    return (
      box(x, y, CELL - 2, CELL_HEIGHT - 2, { fill, stroke }) +
      label(x + CELL / 2 - 1, y + 12.5, text, { fill: now || touched.has(i) ? INK : MUTED, ...weight })
    );
  });
  return (
    label(LEFT, PACKET_TOP + 10, title, { "font-weight": "bold" }) +
    group({ "font-size": 12, "font-family": MONO, "text-anchor": "middle" }, ...cells)
  );
}
