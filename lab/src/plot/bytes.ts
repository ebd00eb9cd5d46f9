// A packet is a row of bytes; a header is an agreement on what they mean. Here both are seen at once: the bytes as they
// lie, sixteen a row, and over them the names that the layers give them.

import { requireCount, requireSome } from "./check.js";
import { type Figure, type FigureSpec, MARGIN, makeFigure, WIDTH } from "./figure.js";
import { EMPTY, type Hue, hueOf, INK, MUTED, PAPER } from "./palette.js";
import { box, element, escapeXml, group, label } from "./svg.js";
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
const MAX_LISTED = 36;

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
    drawBlocks(fields, drawn, hueOfLayer),
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
  let x = MARGIN + GUTTER;
  const parts = layers.map((layer) => {
    const size = fields
      .filter((field) => field.layer === layer)
      .reduce((end, f) => Math.max(end, f.offset + f.length), 0);
    const start = Math.min(...fields.filter((field) => field.layer === layer).map((field) => field.offset));
    const words = fitText(`${layer}, ${size - start} B`, 200, { size: 13, bold: true });
    const part =
      box(x, 2, 14, 14, { fill: hueOfLayer(layer).fill }) +
      label(x + 20, 14, words, { fill: hueOfLayer(layer).ink, "font-weight": "bold" });
    x += textWidth(words, { size: 13, bold: true }) + 38;
    return part;
  });
  return parts.join("");
}

function placeOf(byte: number): readonly [number, number] {
  return [MARGIN + GUTTER + (byte % PER_ROW) * CELL, 30 + Math.floor(byte / PER_ROW) * ROW_HEIGHT];
}

/** A field that runs over the end of a row becomes one block in each row; each carries the name if there is room. */
function drawBlocks(fields: readonly ByteField[], drawn: number, hueOfLayer: (layer: string) => Hue): string {
  const parts: string[] = [];
  for (const field of fields) {
    const hue = hueOfLayer(field.layer);
    const end = Math.min(field.offset + field.length, drawn);
    for (let start = field.offset; start < end; ) {
      const stop = Math.min(end, (Math.floor(start / PER_ROW) + 1) * PER_ROW);
      const [x, y] = placeOf(start);
      const width = (stop - start) * CELL - 2;
      const name = start === field.offset ? shorten(field.name) : `… ${shorten(field.name)}`;
      parts.push(
        group(
          {},
          element("title", {}, escapeXml(`${field.layer} ${field.name} = ${field.value}`)),
          box(x, y, width, ROW_HEIGHT - 4, { fill: hue.tint, stroke: hue.fill }),
          label(x + width / 2, y + 16, fitText(name, width - 2, { size: 12 }), { fill: hue.ink }),
        ),
      );
      start = stop;
    }
  }
  return group({ "font-size": 12, "text-anchor": "middle" }, ...parts);
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
    blanks.push(`M${x.toFixed(1)},${y + 22}h${(CELL - 2).toFixed(1)}v18h-${(CELL - 2).toFixed(1)}z`);
    return label(x + CELL / 2 - 1, y + 35, byte.toString(16).padStart(2, "0"));
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
  const parts = fields.map((field, i) => {
    const x = MARGIN + Math.floor(i / rows) * width;
    const y = top + (i % rows) * 19 + 12;
    const name = fitText(shorten(field.name), width * 0.55, { size: 12, bold: true });
    const nameWidth = textWidth(name, { size: 12, bold: true });
    return (
      box(x, y - 10, 5, 13, { fill: hueOfLayer(field.layer).fill }) +
      label(x + 11, y, name, { "font-weight": "bold", fill: hueOfLayer(field.layer).ink }) +
      label(x + 11 + nameWidth + 7, y, fitText(field.value, width - nameWidth - 30, { size: 12 }))
    );
  });
  return group({ "font-size": 12 }, ...parts);
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
