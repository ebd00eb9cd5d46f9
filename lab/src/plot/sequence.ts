// A connection's life in one picture: time to the right, the stream upwards. Each segment is an upright stroke over the bytes that
// it carries, the acknowledgments are a staircase below. Where a stroke stands below its neighbours, something was sent again.

import { formatCount } from "../base/index.js";
import {
  type Area,
  drawXAxis,
  drawXGrid,
  drawYAxis,
  tickLabelWidth,
  X_AXIS_HEIGHT,
  Y_CAPTION_HEIGHT,
} from "./axis.js";
import { requireSome } from "./check.js";
import { type Figure, type FigureSpec, MARGIN, makeFigure, WIDTH } from "./figure.js";
import { hueOf } from "./palette.js";
import { makeScale, type Scale } from "./scale.js";
import { element, group, label, pathThrough } from "./svg.js";

/** A segment as it left: its place in the stream, counted in bytes from 0. */
export interface SequenceSegment {
  readonly atMs: number;
  readonly sequence: number;
  readonly bytes: number;
  /** It had been sent before. */
  readonly again: boolean;
}

/** An acknowledgment as it came: everything before this byte has arrived. */
export interface SequenceAck {
  readonly atMs: number;
  readonly acknowledgment: number;
}

/** What sequenceFigure draws. */
export interface SequenceSpec extends FigureSpec {
  readonly segments: readonly SequenceSegment[];
  readonly acks: readonly SequenceAck[];
}

const PLOT_HEIGHT = 340;
const NS_PER_MS = 1e6;
/** More acknowledgments than this are thinned; it keeps a figure small. */
const MOST_STEPS = 300;
const HUES = { sent: hueOf(0), again: hueOf(1), acked: hueOf(2) };

/**
 * Draws segments and acknowledgments over time.
 *
 * @throws RangeError where there is no segment
 */
export function sequenceFigure({ segments, acks, ...spec }: SequenceSpec): Figure {
  requireSome(segments, `segments in "${spec.title}"`);
  const vertical = { top: Y_CAPTION_HEIGHT, bottom: Y_CAPTION_HEIGHT + PLOT_HEIGHT };
  const highest = Math.max(...segments.map(({ sequence, bytes }) => sequence + bytes));
  const y = makeScale(
    { label: "place in the stream", unit: "B" },
    [0, highest],
    [vertical.bottom, vertical.top],
    true,
  );
  const area: Area = { ...vertical, left: MARGIN + tickLabelWidth(y), right: WIDTH - MARGIN - 110 };
  const times = [...segments, ...acks].map(({ atMs }) => atMs * NS_PER_MS);
  const x = makeScale(
    { label: "time since the first SYN", unit: "ns" },
    [0, ...times],
    [area.left, area.right],
  );
  const again = segments.filter((segment) => segment.again);
  const drawing = [
    drawXGrid(x, area),
    drawXAxis(x, area),
    drawYAxis(y, area),
    drawStairs(acks, x, y),
    drawStrokes(
      segments.filter((segment) => !segment.again),
      x,
      y,
      HUES.sent.fill,
      2,
    ),
    drawStrokes(again, x, y, HUES.again.fill, 4),
    drawKey(area, segments.length - again.length, again.length, acks.length),
  ].join("");
  return makeFigure(spec, drawing, area.bottom + X_AXIS_HEIGHT, describe(segments, again, acks));
}

function drawStrokes(
  segments: readonly SequenceSegment[],
  x: Scale,
  y: Scale,
  color: string,
  width: number,
): string {
  const strokes = segments.map(({ atMs, sequence, bytes }) => {
    const at = x.at(atMs * NS_PER_MS).toFixed(1);
    return `M${at} ${y.at(sequence).toFixed(1)}V${Math.min(y.at(sequence + bytes), y.at(sequence) - 3).toFixed(1)}`;
  });
  return element("path", { d: strokes.join(""), stroke: color, "stroke-width": `${width}`, fill: "none" });
}

function drawStairs(acks: readonly SequenceAck[], x: Scale, y: Scale): string {
  const every = Math.max(1, Math.ceil(acks.length / MOST_STEPS));
  const kept = acks.filter((_, index) => index % every === 0 || index === acks.length - 1);
  const points = kept.flatMap(({ atMs, acknowledgment }, index): [number, number][] => {
    const before = kept[index - 1]?.acknowledgment ?? acknowledgment;
    return [
      [x.at(atMs * NS_PER_MS), y.at(before)],
      [x.at(atMs * NS_PER_MS), y.at(acknowledgment)],
    ];
  });
  if (points.length === 0) return "";
  return element("path", {
    d: pathThrough(points),
    stroke: HUES.acked.fill,
    "stroke-width": "1.5",
    fill: "none",
  });
}

function drawKey(area: Area, sent: number, again: number, acked: number): string {
  const rows = [
    [HUES.sent.ink, `sent: ${sent}`],
    [HUES.again.ink, `sent again: ${again}`],
    [HUES.acked.ink, `acks: ${acked}`],
  ] as const;
  const labels = rows.map(([fill, text], row) =>
    label(area.right + 12, area.top + 16 + 20 * row, text, { fill }),
  );
  return group({ "font-weight": "bold" }, ...labels);
}

function describe(
  segments: readonly SequenceSegment[],
  again: readonly SequenceSegment[],
  acks: readonly SequenceAck[],
): string[] {
  const places = again
    .slice(0, 10)
    .map(({ sequence, atMs }) => `${formatCount(sequence)} at ${atMs.toFixed(1)} ms`);
  return [
    `${segments.length} segments with text, ${again.length} of them sent again; ${acks.length} acknowledgments`,
    ...(places.length > 0 ? [`sent again, the first of them: byte ${places.join(", byte ")}`] : []),
  ];
}
