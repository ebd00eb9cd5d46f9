// BTF says what the C text knew of its types, in a few bytes a type. With it the bytes of a map become named numbers
// again.
import { textAt } from "./elf.js";

/** One type. Other types are named by their number in the list; 0 is `void`. */
export interface BtfType {
  readonly kind: BtfKind;
  readonly name: string;
  /** Bytes, for an integer, a struct, a union, an enum, a section. */
  readonly sizeBytes: number;
  /** The type that this one wraps: what a pointer points to, an array's elements, a typedef's meaning. */
  readonly of: number;
  /** Elements of an array. */
  readonly count: number;
  /** An integer with a sign. */
  readonly signed: boolean;
  /** Members of a struct or union, variables of a section. */
  readonly members: readonly BtfMember[];
}

/** A member of a struct, or a variable of a section. */
export interface BtfMember {
  readonly name: string;
  readonly type: number;
  readonly offsetBits: number;
  /** Bits of a bit field, 0 for an ordinary member. */
  readonly bits: number;
}

// By number. @source Documentation/bpf/btf.rst
const KINDS = [
  "void",
  "int",
  "pointer",
  "array",
  "struct",
  "union",
  "enum",
  "forward",
  "typedef",
  "volatile",
  "const",
  "restrict",
  "function",
  "prototype",
  "variable",
  "section",
  "float",
  "decl tag",
  "type tag",
  "enum64",
] as const;

/** What a type is. */
export type BtfKind = (typeof KINDS)[number];

const VOID: BtfType = {
  kind: "void",
  name: "void",
  sizeBytes: 0,
  of: 0,
  count: 0,
  signed: false,
  members: [],
};
const SIZED: ReadonlySet<BtfKind> = new Set(["int", "struct", "union", "enum", "section", "float", "enum64"]);

/** The types of an object, and the texts that its other tables point into. */
export interface Btf {
  readonly types: readonly BtfType[];
  /** The text at an offset of the string table. */
  text(offset: number): string;
}

/** Reads the section `.BTF`. @throws RangeError for bytes of another format */
export function readBtf(section: Uint8Array): Btf {
  const view = new DataView(section.buffer, section.byteOffset, section.byteLength);
  if (section.length < 24 || view.getUint16(0, true) !== 0xeb9f) {
    throw new RangeError("Cannot read types: the section .BTF is none -> compile with clang -g");
  }
  const header = view.getUint32(4, true);
  const strings = section.subarray(header + view.getUint32(16, true));
  const text = (offset: number): string => textAt(strings, offset);
  const types: BtfType[] = [VOID];
  const end = header + view.getUint32(8, true) + view.getUint32(12, true);
  for (let at = header + view.getUint32(8, true); at < end; ) at = readType(view, at, text, types);
  return { types, text };
}

/** Reads the type at an offset, adds it to the list. @returns the offset behind it */
function readType(view: DataView, at: number, text: (offset: number) => string, types: BtfType[]): number {
  const u32 = (offset: number): number => view.getUint32(offset, true);
  const info = u32(at + 4);
  const kind = KINDS[(info >>> 24) & 31];
  const count = info & 0xffff;
  const rest = at + 12;
  const plain = { ...VOID, kind, name: text(u32(at)), ...sizeOrType(kind, u32(at + 8)) };
  switch (kind) {
    case "int":
      types.push({ ...plain, signed: (u32(rest) & 0x01000000) !== 0 });
      return rest + 4;
    case "array":
      types.push({ ...plain, of: u32(rest), count: u32(rest + 8) });
      return rest + 12;
    case "struct":
    case "union": {
      const bitFields = info >>> 31 === 1;
      types.push({ ...plain, members: members(count, (i) => member(view, rest + i * 12, text, bitFields)) });
      return rest + count * 12;
    }
    case "section":
      types.push({ ...plain, members: members(count, (i) => variable(view, rest + i * 12)) });
      return rest + count * 12;
    default:
      types.push(plain);
      return rest + tailBytes(kind, count);
  }
}

function sizeOrType(kind: BtfKind, value: number): Partial<BtfType> {
  return SIZED.has(kind) ? { sizeBytes: value } : { of: value };
}

/** Bytes behind the header of the kinds that need nothing of them here. */
function tailBytes(kind: BtfKind, count: number): number {
  if (kind === "enum" || kind === "prototype") return count * 8;
  if (kind === "enum64") return count * 12;
  return kind === "variable" || kind === "decl tag" ? 4 : 0;
}

function members(count: number, read: (i: number) => BtfMember): BtfMember[] {
  return Array.from({ length: count }, (_, i) => read(i));
}

function member(view: DataView, at: number, text: (offset: number) => string, bitFields: boolean): BtfMember {
  const raw = view.getUint32(at + 8, true);
  return {
    name: text(view.getUint32(at, true)),
    type: view.getUint32(at + 4, true),
    offsetBits: bitFields ? raw & 0xffffff : raw,
    bits: bitFields ? raw >>> 24 : 0,
  };
}

function variable(view: DataView, at: number): BtfMember {
  return {
    name: "",
    type: view.getUint32(at, true),
    offsetBits: view.getUint32(at + 4, true) * 8,
    bits: 0,
  };
}
