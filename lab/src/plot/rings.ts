// An AF_XDP socket at one moment: its four rings, and under them the umem whose frames they speak about. A ring is drawn
// as the array that it is in memory; a slot in use shows the number of its frame in its owner's colour.
import type { FrameOwner, OwnershipLedger, RingSnapshot, SlotSnapshot } from "../ring/index.js";
import { requireAtMost, requireSome } from "./check.js";
import { type Figure, type FigureSpec, MARGIN, makeFigure, WIDTH } from "./figure.js";
import { drawCells, drawCounts, FRAME_LOOKS } from "./frames.js";
import { EMPTY, HAIRLINE, HUES, INK, MUTED, PAPER } from "./palette.js";
import { box, group, label } from "./svg.js";

/** The rings that own frames. */
type RingOwner = Extract<FrameOwner, "fill" | "rx" | "tx" | "completion">;

/** What ringsFigure draws. */
export interface RingsSpec extends FigureSpec {
  /** All four rings, of at most 16 slots each, as snapshotRing gives them. */
  readonly rings: Readonly<Record<RingOwner, RingSnapshot>>;
  /** Who owns which of at most 64 frames, as takeLedger found it. */
  readonly ledger: OwnershipLedger;
  /** Bytes of a frame: an address divided by it is the frame's number. */
  readonly frameSize: number;
}

const ROWS: readonly { readonly owner: RingOwner; readonly way: string }[] = [
  { owner: "fill", way: "us → kernel" },
  { owner: "rx", way: "kernel → us" },
  { owner: "tx", way: "us → kernel" },
  { owner: "completion", way: "kernel → us" },
];
const ROW_HEIGHT = 74;
const SLOTS_LEFT = MARGIN + 130;
const SLOT_TOP = 22;
const SLOT_HEIGHT = 28;

/**
 * Draws four rings and their umem.
 *
 * @throws RangeError where a ring has no slots or more than 16, or the umem more than 64 frames
 */
export function ringsFigure(spec: RingsSpec): Figure {
  const { rings, ledger } = spec;
  requireSome(ledger.frames, `frames in "${spec.title}"`);
  requireAtMost(ledger.frames.length, 64, "frames", "draw a smaller umem; the rules are the same");
  const rows = ROWS.map(({ owner, way }, i) =>
    group({ transform: `translate(0 ${i * ROW_HEIGHT})` }, drawRow(owner, way, rings[owner], spec.frameSize)),
  );
  const top = ROWS.length * ROW_HEIGHT + 8;
  const pitch = (WIDTH - 2 * MARGIN) / 16;
  const umem = drawCounts(ledger) + drawCells(ledger.frames, 16, pitch, 32);
  const height = top + 86 + Math.ceil(ledger.frames.length / 16) * 32;
  const drawing = rows.join("") + group({ transform: `translate(0 ${top})` }, umem);
  return makeFigure(spec, drawing, height, [
    ...ROWS.map(({ owner }) => describe(owner, rings[owner])),
    ledger.equation,
  ]);
}

function drawRow(owner: RingOwner, way: string, ring: RingSnapshot, frameSize: number): string {
  requireSome(ring.slots, `slots of the ${owner} ring`);
  requireAtMost(ring.size, 16, "slots", "draw a smaller ring; the rules are the same");
  const pitch = (WIDTH - MARGIN - SLOTS_LEFT) / ring.size;
  const middle = (cursor: number): number => SLOTS_LEFT + ((cursor % ring.size) + 0.5) * pitch;
  return [
    label(MARGIN, SLOT_TOP + 13, `${owner} ring`, { "font-weight": "bold" }),
    label(MARGIN, SLOT_TOP + 30, way, { "font-size": 12, fill: MUTED }),
    ...ring.slots.map((slot, i) =>
      drawSlot(slot, owner, SLOTS_LEFT + i * pitch, pitch - 2, Math.floor(slot.addr / frameSize)),
    ),
    drawCursor(
      `P ${ring.producerCursor}`,
      "▼",
      middle(ring.producerCursor),
      SLOT_TOP - 4,
      HUES.vermillion.ink,
    ),
    drawCursor(
      `C ${ring.consumerCursor}`,
      "▲",
      middle(ring.consumerCursor),
      SLOT_TOP + SLOT_HEIGHT + 13,
      HUES.green.ink,
    ),
  ].join("");
}

function drawSlot(
  { state }: SlotSnapshot,
  owner: RingOwner,
  x: number,
  width: number,
  frame: number,
): string {
  const look = FRAME_LOOKS[owner];
  const [fill, ink] =
    state === "filled" ? [look.fill, look.ink] : state === "reserved" ? [PAPER, INK] : [EMPTY, MUTED];
  const square = box(x, SLOT_TOP, width, SLOT_HEIGHT, { fill, stroke: HAIRLINE });
  if (state !== "filled") return square;
  const style = { "text-anchor": "middle", "font-size": 12, "font-weight": "bold", fill: ink };
  return square + label(x + width / 2, SLOT_TOP + 18, String(frame), style);
}

function drawCursor(words: string, arrow: string, x: number, y: number, fill: string): string {
  return label(x, y, `${arrow} ${words}`, {
    "text-anchor": "middle",
    "font-size": 11,
    "font-weight": "bold",
    fill,
  });
}

function describe(owner: RingOwner, ring: RingSnapshot): string {
  const marks = { filled: "#", reserved: "+", free: "." };
  const slots = ring.slots.map(({ state }) => marks[state]).join("");
  return `${owner} ring ${slots} producer ${ring.producerCursor} consumer ${ring.consumerCursor}`;
}
