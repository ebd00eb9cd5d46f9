// A map's definition in C is a struct whose members carry numbers in their types: `__uint(max_entries, 4)` is a pointer
// to an array of 4. The loader reads it from there, and so does this.
import type { Btf, BtfType } from "./btf.js";

/** A map as its definition says. */
export interface MapDefinition {
  readonly name: string;
  /** `enum bpf_map_type`: 1 hash, 2 array, 6 per-CPU array, 17 xskmap, ... */
  readonly type: number;
  readonly keyBytes: number;
  readonly valueBytes: number;
  readonly maxEntries: number;
  /** Number of the key's type in the object's BTF, 0 where it has none. */
  readonly keyType: number;
  readonly valueType: number;
  /** First contents of global data; null for an ordinary map. */
  readonly data: Uint8Array | null;
}

/** Follows typedefs and qualifiers to the type itself. */
export function bareType({ types }: Btf, id: number): BtfType {
  let type = types[id];
  while (["typedef", "volatile", "const", "restrict", "type tag"].includes(type.kind)) type = types[type.of];
  return type;
}

/** Bytes that a value of a type takes. */
export function sizeOf(btf: Btf, id: number): number {
  const type = bareType(btf, id);
  if (type.kind === "array") return type.count * sizeOf(btf, type.of);
  return type.kind === "pointer" ? 8 : type.sizeBytes;
}

/** The maps that the section `.maps` defines. */
export function readMaps(btf: Btf): MapDefinition[] {
  const section = btf.types.find(({ kind, name }) => kind === "section" && name === ".maps");
  return (section?.members ?? []).map(({ type }) => {
    const variable = btf.types[type];
    return readMap(btf, variable.name, bareType(btf, variable.of));
  });
}

function readMap(btf: Btf, name: string, { members }: BtfType): MapDefinition {
  const pointee = (member: string): number => {
    const found = members.find((each) => each.name === member);
    return found === undefined ? 0 : bareType(btf, found.type).of;
  };
  const number = (member: string): number => bareType(btf, pointee(member)).count;
  const [keyType, valueType] = [pointee("key"), pointee("value")];
  return {
    name,
    type: number("type"),
    maxEntries: number("max_entries"),
    keyBytes: number("key_size") || sizeOf(btf, keyType),
    valueBytes: number("value_size") || sizeOf(btf, valueType),
    keyType,
    valueType,
    data: null,
  };
}

const ARRAY = 2;

/** Global data as the map that the loader makes of it: an array of one entry. */
export function dataMap(name: string, data: Uint8Array): MapDefinition {
  const sizes = { keyBytes: 4, valueBytes: data.length, maxEntries: 1 };
  return { name, type: ARRAY, ...sizes, keyType: 0, valueType: 0, data };
}
