// From values to the bytes of a map, as its C type has them. What does not fit is refused before the kernel sees it.
import type {
  BytesLayout,
  IntegerLayout,
  ListLayout,
  MemberLayout,
  StructLayout,
  TextLayout,
  ValueLayout,
} from "./layout.js";
import type { CStruct, CValue } from "./value.js";

/**
 * Writes a value as its C type has it.
 *
 * @param what for errors, e.g. `value of map hits`
 * @throws RangeError for a number that does not fit, a text that is too long, a missing or unknown member
 */
export function encodeValue(layout: ValueLayout, value: CValue, what: string): Uint8Array {
  const bytes = new Uint8Array(layout.sizeBytes);
  writeValue(layout, value, bytes, what);
  return bytes;
}

function writeValue(layout: ValueLayout, value: CValue, into: Uint8Array, what: string): void {
  if (layout.kind === "integer") writeInteger(layout, value, into, what);
  else if (layout.kind === "list") writeList(layout, value, into, what);
  else if (layout.kind === "struct") writeStruct(layout, value, into, what);
  else writeBytes(layout, value, into, what);
}

function writeBytes(
  { kind, sizeBytes, type }: BytesLayout | TextLayout,
  value: CValue,
  into: Uint8Array,
  what: string,
): void {
  if (kind === "text") {
    if (typeof value !== "string") throw unfit(what, value, type, "pass a text");
    const bytes = new TextEncoder().encode(value);
    if (bytes.length > sizeBytes) {
      throw unfit(what, `a text of ${bytes.length} bytes`, type, `pass at most ${sizeBytes}`);
    }
    into.fill(0, 0, sizeBytes).set(bytes);
    return;
  }
  if (!(value instanceof Uint8Array)) throw unfit(what, value, type, "pass a Uint8Array");
  if (value.length !== sizeBytes) throw unfit(what, `${value.length} bytes`, type, `pass ${sizeBytes} bytes`);
  into.set(value);
}

function writeList({ of, count, type }: ListLayout, value: CValue, into: Uint8Array, what: string): void {
  if (!Array.isArray(value) || value.length !== count) {
    throw unfit(what, value, type, `pass a list of ${count}`);
  }
  value.forEach((each: CValue, i) => {
    writeValue(of, each, into.subarray(i * of.sizeBytes), `[${i}] of ${what}`);
  });
}

function writeStruct({ members, type }: StructLayout, value: CValue, into: Uint8Array, what: string): void {
  const names = members.map(({ name }) => name);
  if (typeof value !== "object" || value instanceof Uint8Array || Array.isArray(value)) {
    throw unfit(what, value, type, `pass an object with ${names.join(", ")}`);
  }
  const given = value as CStruct;
  const wrong = Object.keys(given).find((name) => !names.includes(name));
  if (wrong !== undefined) throw unfit(what, wrong, type, `its members are ${names.join(", ")}`);
  for (const { name, offsetBits, bits, layout } of members) {
    if (given[name] === undefined) {
      if (members.some((other) => given[other.name] !== undefined && overlap(other, offsetBits))) continue;
      throw unfit(what, `without ${name} it`, type, `pass ${names.join(", ")}`);
    }
    const inner = `${name} of ${what}`;
    if (bits === 0) writeValue(layout, given[name], into.subarray(offsetBits / 8), inner);
    else
      writeBitField({ offsetBits, bits, signed: (layout as IntegerLayout).signed }, given[name], into, inner);
  }
}

/** Whether a member covers a bit: members of a union lie on top of each other, and one of them is enough. */
function overlap({ offsetBits, bits, layout }: MemberLayout, bit: number): boolean {
  return bit >= offsetBits && bit < offsetBits + (bits || layout.sizeBytes * 8);
}

function writeInteger(layout: IntegerLayout, value: CValue, into: Uint8Array, what: string): void {
  const { sizeBytes, signed, order, type } = layout;
  const number = wholeNumber(value, sizeBytes * 8, signed, type, what);
  for (let i = 0; i < sizeBytes; i++) {
    const at = order === "network" ? sizeBytes - 1 - i : i;
    into[at] = Number((number >> BigInt(i * 8)) & 0xffn);
  }
}

function writeBitField(
  { offsetBits, bits, signed }: { offsetBits: number; bits: number; signed: boolean },
  value: CValue,
  into: Uint8Array,
  what: string,
): void {
  const number = wholeNumber(value, bits, signed, `a field of ${bits} bits`, what);
  for (let i = 0; i < bits; i++) {
    const [at, mask] = [(offsetBits + i) >> 3, 1 << ((offsetBits + i) & 7)];
    if ((number >> BigInt(i)) & 1n) into[at] |= mask;
    else into[at] &= ~mask;
  }
}

/** The number as so many bits. */
function wholeNumber(value: CValue, bits: number, signed: boolean, type: string, what: string): bigint {
  const whole = typeof value === "bigint" || (typeof value === "number" && Number.isSafeInteger(value));
  if (!whole) throw unfit(what, value, type, "pass a whole number");
  const number = BigInt(value as number | bigint);
  const fits = signed ? BigInt.asIntN(bits, number) : BigInt.asUintN(bits, number);
  if (fits === number) return BigInt.asUintN(bits, number);
  const [least, most] = signed
    ? [-(1n << BigInt(bits - 1)), (1n << BigInt(bits - 1)) - 1n]
    : [0n, (1n << BigInt(bits)) - 1n];
  throw unfit(what, value, type, `pass ${least} to ${most}`);
}

function unfit(what: string, value: CValue, type: string, next: string): RangeError {
  const shown = typeof value === "object" ? "an object" : String(value);
  return new RangeError(`Cannot write ${what}: ${shown} is no ${type} -> ${next}`);
}
