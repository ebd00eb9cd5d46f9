// Who asked the kernel for what, in order: two programs side by side, time going down, one line for each system call. What the
// kernel changed meanwhile stands at the outer edge, and a message is an arrow from the program that sent it to the other.

import { requireAtMost, requireSome } from "./check.js";
import { type Figure, type FigureSpec, MARGIN, makeFigure, WIDTH } from "./figure.js";
import { HAIRLINE, HUES, type Hue, MUTED, PAPER } from "./palette.js";
import { box, element, label, stroke, tenth } from "./svg.js";
import { fitText, wrapText } from "./text-width.js";

/** The two programs. */
export type CallSide = "left" | "right";

/** One system call. */
export interface MadeCall {
  readonly side: CallSide;
  /** E.g. `recvmsg`. */
  readonly name: string;
  /** What it returned, e.g. `32`. */
  readonly result: string;
  /** Sets something up or takes it down, or moves the user's bytes. */
  readonly plane: "control" | "data";
  /** It carried bytes to the other side: an arrow is drawn. */
  readonly sends?: boolean;
  /** What the kernel did from here to the next call, by the side it happened on, e.g. `SYN-SENT`. */
  readonly changes?: readonly { readonly side: CallSide; readonly text: string }[];
}

/** What callsFigure draws. */
export interface CallsSpec extends FigureSpec {
  /** Names of the two programs. */
  readonly left: string;
  readonly right: string;
  /** One to forty calls, in order. */
  readonly calls: readonly MadeCall[];
}

const HEAD_HEIGHT = 30;
const ROW_HEIGHT = 34;
const CHIP = { width: 118, height: 22 } as const;
const LINE_X: Readonly<Record<CallSide, number>> = { left: 318, right: WIDTH - 318 };
const OUTWARDS: Readonly<Record<CallSide, -1 | 1>> = { left: -1, right: 1 };
const CHANGES_WIDTH = LINE_X.left - CHIP.width - 20 - MARGIN - 8;
const HUE: Readonly<Record<MadeCall["plane"], Hue>> = { control: HUES.orange, data: HUES.blue };

/**
 * Draws system calls of two programs in order.
 *
 * @throws RangeError where there are no calls or more than forty
 */
export function callsFigure(spec: CallsSpec): Figure {
  const { calls } = spec;
  requireSome(calls, `calls in "${spec.title}"`);
  requireAtMost(calls.length, 40, "calls", "draw one exchange");
  const bottom = HEAD_HEIGHT + calls.length * ROW_HEIGHT;
  const drawing = [
    ...(["left", "right"] as const).map((side) => drawProgram(spec[side], side, bottom)),
    ...calls.map((call, i) => drawCall(call, i)),
    drawKey(bottom + 24),
  ];
  return makeFigure(
    spec,
    drawing.join(""),
    bottom + 32,
    calls.map((call, i) => describe(spec, call, i)),
  );
}

function drawProgram(name: string, side: CallSide, bottom: number): string {
  const x = LINE_X[side];
  const anchor = side === "left" ? "end" : "start";
  const words = { "font-size": 14, "font-weight": "bold", "text-anchor": anchor };
  const shown = fitText(name, 200, { size: 14, bold: true });
  const out = OUTWARDS[side];
  return (
    label(x + out * 20, 16, shown, words) +
    label(side === "left" ? MARGIN : WIDTH - MARGIN, 16, "its socket", {
      "font-size": 12,
      fill: MUTED,
      "text-anchor": side === "left" ? "start" : "end",
    }) +
    stroke(x, 4, x, bottom, { stroke: HAIRLINE, "stroke-width": 2 })
  );
}

function drawCall(call: MadeCall, index: number): string {
  const { side, name, result, plane, sends = false, changes = [] } = call;
  const x = LINE_X[side];
  const y = HEAD_HEIGHT + (index + 0.5) * ROW_HEIGHT;
  const hue = HUE[plane];
  const chipX = side === "left" ? x - 20 - CHIP.width : x + 20;
  const words = fitText(`${name} = ${result}`, CHIP.width - 10, { size: 13 });
  return [
    sends ? drawArrow(side, y) : "",
    box(chipX, y - CHIP.height / 2, CHIP.width, CHIP.height, { rx: 5, fill: hue.tint, stroke: hue.fill }),
    label(chipX + CHIP.width / 2, y + 4.5, words, { "text-anchor": "middle" }),
    element("circle", { cx: x, cy: y, r: 12, fill: hue.ink, stroke: PAPER, "stroke-width": 1.5 }),
    label(x, y + 4.5, String(index + 1), {
      "text-anchor": "middle",
      "font-size": 12,
      "font-weight": "bold",
      fill: PAPER,
    }),
    ...(["left", "right"] as const).map((each) =>
      drawChanges(
        changes.flatMap(({ side: at, text }) => (at === each ? [text] : [])),
        each,
        y,
      ),
    ),
  ].join("");
}

function drawArrow(side: CallSide, y: number): string {
  const inwards = -OUTWARDS[side];
  const from = LINE_X[side] + inwards * 14;
  const to = LINE_X[side === "left" ? "right" : "left"] - inwards * 6;
  const color = HUES.blue.fill;
  const head = `M${tenth(to)},${tenth(y)}l${-10 * inwards},-6v12Z`;
  return (
    stroke(from, y, to - inwards * 8, y, { stroke: color, "stroke-width": 3 }) +
    element("path", { d: head, fill: color })
  );
}

function drawChanges(texts: readonly string[], side: CallSide, y: number): string {
  if (texts.length === 0) return "";
  const lines = wrapText(texts.join(" → "), CHANGES_WIDTH, { size: 12 }, 2);
  const x = side === "left" ? MARGIN : WIDTH - MARGIN;
  const style = {
    "font-size": 12,
    fill: HUES.green.ink,
    "text-anchor": side === "left" ? "start" : "end",
  };
  return lines.map((line, i) => label(x, y + 4.5 + (i - (lines.length - 1) / 2) * 15, line, style)).join("");
}

function drawKey(y: number): string {
  const entries: [string, Hue][] = [
    ["control: sets up or takes down", HUES.orange],
    ["data: moves the user's bytes", HUES.blue],
  ];
  return entries
    .map(([words, hue], i) => {
      const x = MARGIN + 110 + i * 270;
      const swatch = box(x, y - 11, 16, 14, { rx: 3, fill: hue.tint, stroke: hue.fill });
      return swatch + label(x + 24, y + 1, words, { "font-size": 12, fill: MUTED });
    })
    .join("");
}

function describe(
  spec: CallsSpec,
  { side, name, result, plane, changes = [] }: MadeCall,
  index: number,
): string {
  const after = changes.map((change) => `${spec[change.side]} ${change.text}`).join(", ");
  return `${index + 1}. ${spec[side]}: ${name} = ${result} (${plane})${after === "" ? "" : `; then ${after}`}`;
}
