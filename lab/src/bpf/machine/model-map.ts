// Maps are the memory that outlives a packet. The model keeps the kernel's rules (what is full, what is absent, what may
// be deleted) and leaves out its CPUs: a per-CPU map has one copy here.
import type { MapDefinition } from "../object/maps.js";
import { MachineError, type Memory, type MemoryRegion } from "./memory.js";

/** `enum bpf_map_type`, of the maps that the model has. @source include/uapi/linux/bpf.h */
const TYPE = {
  hash: 1,
  array: 2,
  perCpuHash: 5,
  perCpuArray: 6,
  lruHash: 9,
  lruPerCpuHash: 10,
  devmap: 14,
  cpumap: 16,
  xskmap: 17,
  devmapHash: 25,
} as const;
const ARRAYS: readonly number[] = [TYPE.array, TYPE.perCpuArray];
const OLDEST_GOES: readonly number[] = [TYPE.lruHash, TYPE.lruPerCpuHash];

/** How a change may go wrong. */
export type MapError = "E2BIG" | "EEXIST" | "ENOENT" | "EINVAL" | null;

/** Flags of an update. @source include/uapi/linux/bpf.h */
const NEW_ONLY = 1;
const OLD_ONLY = 2;

/** One map of the program under way. */
export class ModelMap {
  readonly definition: MapDefinition;
  /** What the program's pointer to the map points to. */
  readonly handle: MemoryRegion;
  private readonly memory: Memory;
  private readonly array: MemoryRegion | null;
  private readonly entries = new Map<string, MemoryRegion>();

  /** @throws MachineError for a type of map that the model lacks */
  constructor(memory: Memory, definition: MapDefinition) {
    this.memory = memory;
    this.definition = definition;
    this.handle = memory.add("map", `map ${definition.name}`, new Uint8Array(0));
    const { type, name, maxEntries } = definition;
    if (!(Object.values(TYPE) as number[]).includes(type)) {
      throw new MachineError(
        `Cannot model map ${name}: type ${type} is not in the lab's machine -> run the program in the kernel, by runProgram`,
      );
    }
    this.array = ARRAYS.includes(type)
      ? memory.add("map value", name, new Uint8Array(maxEntries * this.stride))
      : null;
    if (definition.data !== null && this.array !== null) writeBytes(this.array, 0, definition.data);
  }

  /** Distance between two values of an array. */
  private get stride(): number {
    return (this.definition.valueBytes + 7) & ~7;
  }

  /** The address of a value; 0 where the key is absent. */
  lookup(key: Uint8Array): bigint {
    if (this.array !== null) {
      const index = indexOf(key);
      return index < this.definition.maxEntries ? this.memory.address(this.array, index * this.stride) : 0n;
    }
    const entry = this.entries.get(keyText(key));
    return entry === undefined ? 0n : this.memory.address(entry);
  }

  /** Writes a value, as a program does. @param flags 0, 1 only if new, 2 only if it is there @source kernel/bpf/hashtab.c, arraymap.c */
  update(key: Uint8Array, value: Uint8Array, flags = 0): MapError {
    if (flags > OLD_ONLY) return "EINVAL";
    if (this.array !== null) {
      if (indexOf(key) >= this.definition.maxEntries) return "E2BIG";
      if (flags === NEW_ONLY) return "EEXIST";
      writeBytes(this.array, indexOf(key) * this.stride, value);
      return null;
    }
    const name = keyText(key);
    const entry = this.entries.get(name);
    if (entry !== undefined && flags === NEW_ONLY) return "EEXIST";
    if (entry === undefined && flags === OLD_ONLY) return "ENOENT";
    if (entry === undefined && !this.makeRoom()) return "E2BIG";
    // A new value takes new memory: a program that holds the old pointer goes on seeing the old one.
    this.entries.set(name, this.memory.add("map value", `${this.definition.name}[${name}]`, value.slice()));
    return null;
  }

  /** Removes an entry. An array has all of its entries for ever. */
  delete(key: Uint8Array): MapError {
    if (this.array !== null) return "EINVAL";
    return this.entries.delete(keyText(key)) ? null : "ENOENT";
  }

  /** A value as bytes; null where the key is absent. */
  read(key: Uint8Array): Uint8Array | null {
    const found = this.memory.find(this.lookup(key));
    if (found === null) return null;
    const { buffer, byteOffset } = found.region.view;
    return new Uint8Array(buffer, byteOffset + found.offset, this.definition.valueBytes).slice();
  }

  private makeRoom(): boolean {
    if (this.entries.size < this.definition.maxEntries) return true;
    if (!OLDEST_GOES.includes(this.definition.type)) return false;
    for (const oldest of this.entries.keys()) return this.entries.delete(oldest);
    return false;
  }
}

function indexOf(key: Uint8Array): number {
  return new DataView(key.buffer, key.byteOffset, key.byteLength).getUint32(0, true);
}

function keyText(key: Uint8Array): string {
  return Array.from(key, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

function writeBytes({ view }: MemoryRegion, offset: number, bytes: Uint8Array): void {
  new Uint8Array(view.buffer, view.byteOffset, view.byteLength).set(bytes, offset);
}
