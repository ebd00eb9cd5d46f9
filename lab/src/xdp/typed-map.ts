// A map in the kernel, with keys and values as the C text declares them. What goes in and comes out are numbers, texts and
// objects in host order; the bytes are laid out by the text's own types.
import {
  type Btf,
  type CValue,
  decodeValue,
  encodeValue,
  layoutOf,
  readMaps,
  type ValueLayout,
} from "../bpf/index.js";
import type { BpfMap } from "../sys/index.js";
import { addUp } from "./map-total.js";

/** `enum bpf_map_type`, of those that hold values. @source include/uapi/linux/bpf.h */
const KINDS: Readonly<Record<number, string>> = {
  1: "hash",
  2: "array",
  5: "per-CPU hash",
  6: "per-CPU array",
  9: "LRU hash",
  10: "LRU per-CPU hash",
  11: "longest prefix match",
};
const ARRAYS: readonly number[] = [2, 6];
const INDEX: ValueLayout = { kind: "integer", sizeBytes: 4, signed: false, order: "host", type: "__u32" };

/**
 * A map of a program. `K` and `V` are what the C text declares; name them for the type check: `map<number, { packets: bigint }>`.
 * An array has every key from 0 on, and nothing of it can be deleted. A per-CPU map keeps a value for each CPU.
 */
export class TypedMap<K extends CValue = CValue, V extends CValue = CValue> {
  readonly name: string;
  /** `hash`, `array`, `per-CPU hash`, `LRU hash`, ...; `type 14` for one that holds no values of the program's. */
  readonly kind: string;
  readonly maxEntries: number;
  readonly keyLayout: ValueLayout;
  readonly valueLayout: ValueLayout;
  /** The same map as bytes. */
  readonly raw: BpfMap;

  constructor(raw: BpfMap, keyLayout: ValueLayout, valueLayout: ValueLayout) {
    const { name, type, maxEntries } = raw.spec;
    this.name = name;
    this.kind = KINDS[type] ?? `type ${type}`;
    this.maxEntries = maxEntries;
    this.keyLayout = keyLayout;
    this.valueLayout = valueLayout;
    this.raw = raw;
  }

  /** Whether what it holds are values of the program's, and not targets of a redirect or the like. */
  get holdsValues(): boolean {
    return this.raw.spec.type in KINDS;
  }

  /** Whether each CPU has values of its own. */
  get isPerCpu(): boolean {
    return this.kind.includes("per-CPU");
  }

  /** A key's value; null where the key is absent. @throws TypeError for a per-CPU map, which has several */
  get(key: K): V | null {
    this.requireOneValue("read", "use total, or perCpu");
    return this.perCpu(key)?.[0] ?? null;
  }

  /** A key's value on each CPU; null where the key is absent. Other maps have one. */
  perCpu(key: K): V[] | null {
    const bytes = this.raw.lookup(this.encodeKey(key));
    if (bytes === null) return null;
    return this.raw.split(bytes).map((each) => decodeValue(this.valueLayout, each) as V);
  }

  /** A key's value summed over the CPUs, member by member; null where the key is absent. @throws TypeError for texts and bytes, which have no sum */
  total(key: K): V | null {
    const values = this.perCpu(key);
    return values === null ? null : (addUp(values, this.name) as V);
  }

  /** Writes a key's value. @throws RangeError for what does not fit the type; SysError E2BIG where a hash is full or an array ends; TypeError for a per-CPU map */
  set(key: K, value: V): void {
    this.requireOneValue("write", "use setPerCpu");
    this.setPerCpu(key, [value]);
  }

  /** Writes a key's value on each CPU. @param values one a CPU, in their order */
  setPerCpu(key: K, values: readonly V[]): void {
    const encoded = values.map((value) => encodeValue(this.valueLayout, value, `value of map ${this.name}`));
    this.raw.update(this.encodeKey(key), this.raw.join(encoded));
  }

  /** Removes a key. @returns false where it was absent */
  delete(key: K): boolean {
    return this.raw.delete(this.encodeKey(key));
  }

  /** Every key, as of now, in the kernel's order. */
  keys(): K[] {
    return this.raw.keys().map((key) => decodeValue(this.keyLayout, key) as K);
  }

  /** Every key with its value, as of now; a key that goes meanwhile is left out. A per-CPU map gives totals. */
  entries(): [K, V][] {
    return this.keys().flatMap((key): [K, V][] => {
      const value = this.isPerCpu ? this.total(key) : this.get(key);
      return value === null ? [] : [[key, value]];
    });
  }

  private encodeKey(key: K): Uint8Array {
    return encodeValue(this.keyLayout, key, `key of map ${this.name}`);
  }

  private requireOneValue(action: string, next: string): void {
    if (!this.isPerCpu) return;
    throw new TypeError(
      `Cannot ${action} one value of map ${this.name}: it is a ${this.kind}, with one a CPU -> ${next}`,
    );
  }
}

/** Gives a loaded map the types that its C text declares. @param btf of the object; null where it has none */
export function typeMap<K extends CValue = CValue, V extends CValue = CValue>(
  raw: BpfMap,
  btf: Btf | null,
): TypedMap<K, V> {
  const { name, type, keyBytes, valueBytes } = raw.spec;
  const bytes = (sizeBytes: number): ValueLayout => ({ kind: "bytes", sizeBytes, type: "bytes" });
  const definition = btf === null ? undefined : readMaps(btf).find((each) => each.name === name);
  if (btf === null || definition === undefined) {
    return new TypedMap(raw, ARRAYS.includes(type) ? INDEX : bytes(keyBytes), bytes(valueBytes));
  }
  const untypedIndex = definition.keyType === 0 && ARRAYS.includes(type);
  const key = untypedIndex ? INDEX : layoutOf(btf, definition.keyType, keyBytes);
  return new TypedMap(raw, key, layoutOf(btf, definition.valueType, valueBytes));
}
