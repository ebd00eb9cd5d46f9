// A packet is a row of bytes; a header is an agreement on what they mean. Here both are seen at once: the bytes as they
// lie, sixteen a row, and over them the names that the layers give them.

import { requireCount, requireSome } from "./check.js";
import { type Figure, type FigureSpec, MARGIN, makeFigure, WIDTH } from "./figure.js";
import { EMPTY, type Hue, hueOf, INK, MUTED, PAPER } from "./palette.js";
import { box, element, escapeXml, group, label, tenth } from "./svg.js";
import { fitText, textWidth } from "./text-width.js";

/** A named run of bytes. */
export interface ByteField {
  readonly name: string;
  /** First byte, counted from the start of the frame. */
  readonly offset: number;
  /** Bytes, 1 or more. */
  readonly length: number;
  /** What the bytes say, as text. */
  readonly value: string;
  /** Which header it belongs to, e.g. `ipv4`; one colour a layer. */
  readonly layer: string;
}

/** What bytesFigure draws. */
export interface BytesSpec extends FigureSpec {
  /** The frame; the first 128 bytes are drawn. */
  readonly bytes: Uint8Array;
  /** Fields in the order of their bytes; bytes outside every field stay grey. */
  readonly fields: readonly ByteField[];
}

const MAX_BYTES = 128;
const PER_ROW = 16;
const GUTTER = 56;
const CELL = (WIDTH - 2 * MARGIN - GUTTER) / PER_ROW;
const ROW_HEIGHT = 48;
const LIST_COLUMNS = 3;
const MAX_LISTED = 30;

/**
 * Draws a packet's bytes under the names of their fields, with the values listed below.
 *
 * @throws RangeError where there are no bytes or a field lies outside them
 */
export function bytesFigure(spec: BytesSpec): Figure {
  const { bytes, fields } = spec;
  requireSome(bytes, `bytes in "${spec.title}"`);
  for (const field of fields) checkField(field, bytes.length);
  const layers = [...new Set(fields.map((field) => field.layer))];
  const hueOfLayer = (layer: string) => hueOf(layers.indexOf(layer));
  const drawn = Math.min(bytes.length, MAX_BYTES);
  const rows = Math.ceil(drawn / PER_ROW);
  const listTop = 30 + rows * ROW_HEIGHT + 16;
  const listed = fields.slice(0, MAX_LISTED);
  const drawing = [
    drawLayers(fields, layers, hueOfLayer),
    ...layers.map((layer) =>
      drawBlocks(
        fields.filter((f) => f.layer === layer),
        drawn,
        hueOfLayer(layer),
      ),
    ),
    drawHex(bytes.subarray(0, drawn)),
    drawList(listed, listTop, hueOfLayer),
  ];
  const height = listTop + Math.ceil(listed.length / LIST_COLUMNS) * 19;
  const left = [
    bytes.length > drawn ? `The first ${drawn} of ${bytes.length} bytes are drawn.` : "",
    fields.length > MAX_LISTED ? `The first ${MAX_LISTED} of ${fields.length} fields are listed.` : "",
  ];
  const note = [spec.note, ...left].filter(Boolean).join(" ");
  return makeFigure(note ? { ...spec, note } : spec, drawing.join(""), height, describe(bytes, fields));
}

function checkField({ name, offset, length }: ByteField, total: number): void {
  requireCount(offset, `offset of field ${name}`);
  requireCount(length, `length of field ${name}`);
  if (length === 0 || offset + length > total) {
    throw new RangeError(
      `Cannot draw field ${name} at byte ${offset}, ${length} long: the frame has ${total} bytes; no figure was made -> check the header that announced it`,
    );
  }
}

function drawLayers(
  fields: readonly ByteField[],
  layers: readonly string[],
  hueOfLayer: (layer: string) => Hue,
): string {
  const style = { size: 13, bold: true };
  let x = MARGIN + GUTTER;
  const parts = layers.map((layer) => {
    const size = fields.reduce((sum, field) => sum + (field.layer === layer ? field.length : 0), 0);
    const words = fitText(`${layer}, ${size} B`, 200, style);
    const width = textWidth(words, style) + 38;
    if (x + width > WIDTH - 8) return "";
    const ink = { fill: hueOfLayer(layer).ink, "font-weight": "bold" };
    const part = box(x, 2, 14, 14, { fill: hueOfLayer(layer).fill }) + label(x + 20, 14, words, ink);
    x += width;
    return part;
  });
  return parts.join("");
}

function placeOf(byte: number): readonly [number, number] {
  return [MARGIN + GUTTER + (byte % PER_ROW) * CELL, 30 + Math.floor(byte / PER_ROW) * ROW_HEIGHT];
}

/** The part of a field that lies in one row. */
interface Block {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly name: string;
}

/** A field that runs over the end of a row becomes one block in each row; each carries the name. */
function blocksOf({ name, offset, length }: ByteField, drawn: number): Block[] {
  const blocks: Block[] = [];
  const end = Math.min(offset + length, drawn);
  for (let start = offset; start < end; ) {
    const stop = Math.min(end, (Math.floor(start / PER_ROW) + 1) * PER_ROW);
    const [x, y] = placeOf(start);
    const words = start === offset ? shorten(name) : `… ${shorten(name)}`;
    blocks.push({ x, y, width: (stop - start) * CELL - 2, name: words });
    start = stop;
  }
  return blocks;
}

function drawBlocks(fields: readonly ByteField[], drawn: number, hue: Hue): string {
  const blocks = fields.flatMap((field) => blocksOf(field, drawn));
  const outlines = blocks.map(({ x, y, width }) => rectanglePath(x, y, width, ROW_HEIGHT - 4));
  const names = blocks.map(({ x, y, width, name }) =>
    label(x + width / 2, y + 16, fitText(name, width - 2, { size: 12 })),
  );
  return (
    element("path", { d: outlines.join(""), fill: hue.tint, stroke: hue.fill }) +
    group({ "font-size": 12, "text-anchor": "middle", fill: hue.ink }, ...names)
  );
}

function rectanglePath(x: number, y: number, width: number, height: number): string {
  return `M${tenth(x)},${tenth(y)}h${tenth(width)}v${tenth(height)}h-${tenth(width)}z`;
}

/** `ipv4.ttl` is `ttl` inside its coloured block: the colour says ipv4. */
function shorten(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}

function drawHex(bytes: Uint8Array): string {
  const offsets: string[] = [];
  const blanks: string[] = [];
  const cells = Array.from(bytes, (byte, i) => {
    const [x, y] = placeOf(i);
    if (i % PER_ROW === 0) offsets.push(label(MARGIN, y + 34, `0x${i.toString(16).padStart(4, "0")}`));
    blanks.push(rectanglePath(x, y + 22, CELL - 2, 18));
    return label(x + Math.floor(CELL / 2), y + 35, byte.toString(16).padStart(2, "0"));
  });
  const mono = "ui-monospace, Consolas, 'DejaVu Sans Mono', monospace";
  return (
    element("path", { d: blanks.join(""), fill: PAPER, stroke: EMPTY }) +
    group({ "font-family": mono, fill: INK, "text-anchor": "middle" }, ...cells) +
    group({ "font-family": mono, fill: MUTED, "font-size": 12 }, ...offsets)
  );
}

function drawList(fields: readonly ByteField[], top: number, hueOfLayer: (layer: string) => Hue): string {
  const rows = Math.ceil(fields.length / LIST_COLUMNS);
  const width = (WIDTH - 2 * MARGIN) / LIST_COLUMNS;
  const swatches = new Map<string, string>();
  const parts = fields.map((field, i) => {
    const [x, y] = [MARGIN + Math.floor(i / rows) * width, top + (i % rows) * 19 + 12];
    const hue = hueOfLayer(field.layer);
    const name = fitText(shorten(field.name), width * 0.55, { size: 12, bold: true });
    const room = width - textWidth(name, { size: 12, bold: true }) - 34;
    const value = fitText(field.value, room, { size: 12 });
    const words = element("tspan", { "font-weight": "bold", fill: hue.ink }, escapeXml(name));
    swatches.set(hue.fill, `${swatches.get(hue.fill) ?? ""}${rectanglePath(x, y - 10, 5, 13)}`);
    return element("text", { x: x + 11, y }, words, escapeXml(`  ${value}`));
  });
  const marks = [...swatches].map(([fill, d]) => element("path", { d, fill }));
  return marks.join("") + group({ "font-size": 12 }, ...parts);
}

function describe(bytes: Uint8Array, fields: readonly ByteField[]): string[] {
  const lines = fields.map((field) => {
    const hex = Array.from(bytes.subarray(field.offset, field.offset + Math.min(field.length, 16)), (byte) =>
      byte.toString(16).padStart(2, "0"),
    );
    const more = field.length > 16 ? " ..." : "";
    return `${String(field.offset).padStart(5)}  ${field.layer} ${field.name} = ${field.value}  (${hex.join(" ")}${more})`;
  });
  return [`${bytes.length} bytes`, ...lines];
}
