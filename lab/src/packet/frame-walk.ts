// The notebook that a walk through a frame fills in: where it stands, what it
// has found, and where the current packet ends. What was captured and what the
// headers announced are two different things; the smaller one counts.

import { ipv4ToText, ipv6ToText, macToText } from "./address.js";
import { type Field, type FieldTable, locateField, readField } from "./field.js";
import { COMPARE_LENGTH, FieldError } from "./field-error.js";
import { OPTION_NOP, walkOptions } from "./options.js";

/** One field of a frame and where it lies. */
export interface FrameField {
  /** Protocol and field, e.g. `udp.length`; `payload`, `padding` or `cut` for bytes that belong to no header. */
  name: string;
  /** Byte offset in the frame. */
  offset: number;
  /** Bytes; fields of less than a byte share bytes with their neighbours and carry `bits`. */
  length: number;
  /** The value as people write it, e.g. `10.0.0.1` or `0x0800`. */
  value: string;
  /** The header it belongs to, e.g. `udp`. */
  layer: string;
  /** Only where bytes are shared: how many bits the field has, and how many of its bytes' bits lie right of it. */
  bits?: { width: number; shift: number };
}

/** One header of a frame, or the bytes behind the last one. */
export interface FrameLayer {
  /** `ethernet`, `vlan`, `arp`, `ipv4`, `ipv6`, `icmp`, `icmpv6`, `udp`, `tcp`, `payload`, `padding` or `cut`. */
  name: string;
  /** Byte offset in the frame. */
  offset: number;
  length: number;
  /** What it says, in a line. */
  text: string;
}

/** Where a walk through a frame stands and what it has found. */
export class FrameWalk {
  readonly bytes: Uint8Array;
  readonly layers: FrameLayer[] = [];
  readonly fields: FrameField[] = [];
  readonly problems: string[] = [];
  /** Byte offset of the next header. */
  at = 0;
  /** Byte offset after the packet, as far as it was captured; bytes behind it are padding. */
  end: number;
  #announced = "";

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.end = bytes.length;
  }

  /** Ends the packet where a header says it ends, or notes that less was captured. */
  announce(who: string, length: number): void {
    const here = this.end - this.at;
    this.#announced = `; the ${who} header announced ${length}`;
    if (length > here) this.problems.push(`the ${who} header announced ${length} bytes; ${here} are here`);
    else this.end = this.at + length;
  }

  /**
   * Makes sure that a header's fields lie inside the packet; notes those that do before it gives up.
   *
   * @throws FieldError naming the first field that does not
   */
  ensure(layer: string, table: FieldTable<string>): void {
    const from = this.at;
    const fields = Object.values(table);
    const missing = fields.findIndex((field) => from + field.offset + field.length > this.end);
    if (missing < 0) return;
    for (const field of fields.slice(0, missing)) this.#note(layer, field);
    const { name, offset } = fields[missing];
    const text = "a header cut short";
    if (offset > 0) this.layers.push({ name: layer, offset: from, length: offset, text });
    this.at += offset;
    const cause = `frame has ${this.bytes.length} bytes${this.#announced}`;
    throw new FieldError(name, this.at, cause, COMPARE_LENGTH);
  }

  /** Notes a header's fields and its line, and steps behind it. */
  header(layer: string, table: FieldTable<string>, length: number, text: string): void {
    for (const field of Object.values(table)) this.#note(layer, field);
    this.layers.push({ name: layer, offset: this.at, length, text });
    this.at += length;
  }

  /** Notes bytes that no field table covers, e.g. an option. */
  raw(layer: string, name: string, offset: number, length: number, value: string): void {
    if (length > 0) this.fields.push({ name, offset, length, value, layer });
  }

  /** Notes the options between two offsets, each as a field; a list that cannot be read becomes one field. */
  options(layer: string, start: number, end: number): void {
    let at = start;
    try {
      for (const { kind, offset, length } of walkOptions(this.bytes, start, end, layer)) {
        this.raw(layer, `${layer}.option`, offset, length, kind === OPTION_NOP ? "nop" : `option ${kind}`);
        at = offset + length;
      }
      this.raw(layer, `${layer}.optionEnd`, at, end - at, "end of options");
    } catch (error) {
      if (!(error instanceof FieldError)) throw error;
      this.problems.push(error.problem);
      this.raw(layer, `${layer}.options`, start, end - start, "options that cannot be read");
    }
  }

  /** Notes everything up to the packet's end as one layer, and what lies behind it as padding. */
  rest(name: string, text = ""): void {
    this.#tail(name, this.end, text);
    this.#tail("padding", this.bytes.length, "");
  }

  #tail(name: string, end: number, text: string): void {
    const length = end - this.at;
    if (length <= 0) return;
    const size = `${length} byte${length === 1 ? "" : "s"}`;
    this.layers.push({ name, offset: this.at, length, text: text === "" ? size : `${size}, ${text}` });
    this.raw(name, name, this.at, length, size);
    this.at = end;
  }

  #note(layer: string, field: Field): void {
    const { name, length, width, shift } = field;
    const value = fieldToText(this.bytes, this.at, field);
    const noted: FrameField = { name, offset: this.at + field.offset, length, value, layer };
    if (width < length * 8) noted.bits = { width, shift };
    this.fields.push(noted);
  }
}

/**
 * Writes a field's value as people do.
 *
 * @param bytes the frame
 * @param start byte offset of the header in the frame
 * @param field a row of a header's table
 * @throws FieldError where the frame is too short
 */
export function fieldToText(bytes: Uint8Array, start: number, field: Field): string {
  if (field.kind === "ipv6") return ipv6ToText(bytes, locateField(bytes, start, field));
  const value = readField(bytes, start, field);
  if (field.kind === "mac") return macToText(value);
  if (field.kind === "ipv4") return ipv4ToText(value);
  if (field.kind === "hex") return `0x${value.toString(16).padStart(Math.ceil(field.width / 4), "0")}`;
  return String(value);
}
