// What the bytes of a map's key or value mean: integers, texts, structs, each at its offset and in its byte order. It comes
// from the BTF of the C text, so nobody writes an offset down twice.
import type { Btf, BtfMember, BtfType } from "./btf.js";
import { bareType, sizeOf } from "./maps.js";

/** A whole number. */
export interface IntegerLayout {
  readonly kind: "integer";
  readonly sizeBytes: number;
  readonly signed: boolean;
  /** `network`: most significant byte first, as on the wire; the C type says so (`__be16`, `__be32`, `__be64`). */
  readonly order: "host" | "network";
  /** The C type, e.g. `__u32`. */
  readonly type: string;
}

/** Bytes as they are: `__u8 mac[6]`, or what no type tells of. */
export interface BytesLayout {
  readonly kind: "bytes";
  readonly sizeBytes: number;
  readonly type: string;
}

/** A `char` array: a text that ends at its first zero. */
export interface TextLayout {
  readonly kind: "text";
  readonly sizeBytes: number;
  readonly type: string;
}

/** Some of one kind, one behind the other. */
export interface ListLayout {
  readonly kind: "list";
  readonly sizeBytes: number;
  readonly of: ValueLayout;
  readonly count: number;
  readonly type: string;
}

/** A struct or union: named members, each at its offset. Members of a nameless one inside count as its own. */
export interface StructLayout {
  readonly kind: "struct";
  readonly sizeBytes: number;
  readonly members: readonly MemberLayout[];
  readonly type: string;
}

/** A member of a struct. */
export interface MemberLayout {
  readonly name: string;
  readonly offsetBits: number;
  /** Bits of a bit field, 0 for an ordinary member. */
  readonly bits: number;
  readonly layout: ValueLayout;
}

/** How a value lies in memory. */
export type ValueLayout = IntegerLayout | BytesLayout | TextLayout | ListLayout | StructLayout;

const NETWORK_ORDER = /^__be(16|32|64)$/;
const WHOLE_NUMBERS: readonly string[] = ["int", "enum", "enum64", "pointer"];

/** Reads the layout of a type. @param id its number in the BTF; 0 where the text tells none, then @param sizeBytes counts */
export function layoutOf(btf: Btf, id: number, sizeBytes: number): ValueLayout {
  if (id === 0) return { kind: "bytes", sizeBytes, type: "bytes" };
  const bare = bareType(btf, id);
  const type = nameOfType(btf, id);
  const size = sizeOf(btf, id);
  if (bare.kind === "struct" || bare.kind === "union") {
    return { kind: "struct", sizeBytes: size, members: membersOf(btf, bare, 0), type };
  }
  if (bare.kind === "array") return layoutOfArray(btf, bare, type, size);
  if (!WHOLE_NUMBERS.includes(bare.kind) || size > 8) return { kind: "bytes", sizeBytes: size, type };
  const order = namesOf(btf, id).some((name) => NETWORK_ORDER.test(name)) ? "network" : "host";
  return { kind: "integer", sizeBytes: size, signed: bare.signed, order, type };
}

function layoutOfArray(btf: Btf, { of, count }: BtfType, type: string, sizeBytes: number): ValueLayout {
  const each = bareType(btf, of);
  if (each.kind === "int" && each.sizeBytes === 1) {
    return { kind: each.name === "char" ? "text" : "bytes", sizeBytes, type };
  }
  return { kind: "list", sizeBytes, of: layoutOf(btf, of, 0), count, type };
}

function membersOf(btf: Btf, { members }: BtfType, baseBits: number): MemberLayout[] {
  return members.flatMap((member) => {
    const inner = bareType(btf, member.type);
    const offsetBits = baseBits + member.offsetBits;
    const nameless = member.name === "" && (inner.kind === "struct" || inner.kind === "union");
    return nameless ? membersOf(btf, inner, offsetBits) : [memberOf(btf, member, offsetBits)];
  });
}

function memberOf(btf: Btf, { name, type, bits }: BtfMember, offsetBits: number): MemberLayout {
  return { name, offsetBits, bits, layout: layoutOf(btf, type, 0) };
}

/** The names that a type is known by, from the outermost typedef on. */
function namesOf({ types }: Btf, id: number): string[] {
  const names: string[] = [];
  for (let type = types[id]; ; type = types[type.of]) {
    names.push(type.name);
    if (!["typedef", "volatile", "const", "restrict", "type tag"].includes(type.kind)) return names;
  }
}

function nameOfType(btf: Btf, id: number): string {
  const name = namesOf(btf, id).find((each) => each !== "") ?? "";
  const bare = bareType(btf, id);
  if (bare.kind === "array") return `${nameOfType(btf, bare.of)}[${bare.count}]`;
  if (bare.kind === "pointer") return "pointer";
  return ["struct", "union", "enum"].includes(bare.kind) && name === bare.name
    ? `${bare.kind} ${name}`.trim()
    : name;
}
