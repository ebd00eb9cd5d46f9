import { errnoName, sysError } from "./errno.js";
import { libbpf } from "./libbpf.js";

// Each gives a negative errno. The thread's own `errno` is no substitute: a garbage collection between the call and the
// question may have set it (seen once: ENOMEM at the end of a walk).
const call = {
  lookup: libbpf.declare("int bpf_map_lookup_elem(int fd, const uint8_t *key, _Out_ uint8_t *value)"),
  update: libbpf.declare(
    "int bpf_map_update_elem(int fd, const uint8_t *key, const uint8_t *value, uint64_t flags)",
  ),
  remove: libbpf.declare("int bpf_map_delete_elem(int fd, const uint8_t *key)"),
  next: libbpf.declare("int bpf_map_get_next_key(int fd, const uint8_t *key, _Out_ uint8_t *next)"),
  possibleCpus: libbpf.declare("int libbpf_num_possible_cpus()"),
};

const PER_CPU_TYPES = new Set([5, 6, 10, 21]);

/** A 32-bit key, as array maps have it. @param index 0 to maxEntries - 1 @returns 4 bytes in host order. */
export function u32Key(index: number): Uint8Array {
  const key = new Uint8Array(4);
  new DataView(key.buffer).setUint32(0, index, true);
  return key;
}

/**
 * For `update`: write in place and under the value's `struct bpf_spin_lock`, so that no program sees half of it.
 *
 * @source include/uapi/linux/bpf.h
 */
export const BPF_F_LOCK = 4;

/** What a map is, as its definition in C says. */
export interface BpfMapSpec {
  readonly name: string;
  readonly fd: number;
  /** `enum bpf_map_type`: 1 hash, 2 array, 6 per-CPU array, 17 xskmap, ... */
  readonly type: number;
  readonly keyBytes: number;
  /** Size of one value; a per-CPU map holds one for each possible CPU. */
  readonly valueBytes: number;
  readonly maxEntries: number;
}

/** A loaded map. Keys and values are bytes in host order, as the C program sees them. */
export class BpfMap {
  readonly spec: BpfMapSpec;
  private readonly slotBytes: number;
  private readonly copies: number;

  constructor(spec: BpfMapSpec) {
    this.spec = spec;
    const perCpu = PER_CPU_TYPES.has(spec.type);
    this.slotBytes = perCpu ? (spec.valueBytes + 7) & ~7 : spec.valueBytes;
    this.copies = perCpu ? (call.possibleCpus() as number) : 1;
  }

  /** Reads one value. @returns Its bytes (one stretch of 8-byte-aligned values per CPU for a per-CPU map), or `null` if the key is absent. */
  lookup(key: Uint8Array): Uint8Array | null {
    const value = new Uint8Array(this.slotBytes * this.copies);
    const result = call.lookup(this.spec.fd, key, value);
    if (result >= 0) return value;
    if (errnoName(-result) === "ENOENT") return null;
    throw sysError("bpf", `read map ${this.spec.name}`, -result);
  }

  /**
   * Writes one value.
   *
   * @param flags e.g. `BPF_F_LOCK`; whatever is there is replaced unless given
   * @throws SysError, e.g. E2BIG when a hash is full.
   */
  update(key: Uint8Array, value: Uint8Array, flags = 0): void {
    if (key.length !== this.spec.keyBytes || value.length !== this.slotBytes * this.copies) {
      throw new RangeError(
        `Cannot write map ${this.spec.name}: key ${key.length} and value ${value.length} bytes; the map holds ${this.spec.keyBytes} and ${this.slotBytes * this.copies} -> pass exactly these`,
      );
    }
    if (call.update(this.spec.fd, key, value, flags) < 0)
      throw sysError("bpf", `write map ${this.spec.name}`);
  }

  /** Removes one entry. @returns False if the key was absent. */
  delete(key: Uint8Array): boolean {
    const result = call.remove(this.spec.fd, key);
    if (result >= 0) return true;
    if (errnoName(-result) === "ENOENT") return false;
    throw sysError("bpf", `remove from map ${this.spec.name}`, -result);
  }

  /** Every key, in the kernel's order, as of now. */
  keys(): Uint8Array[] {
    const keys: Uint8Array[] = [];
    let key: Uint8Array | null = null;
    for (;;) {
      const next = new Uint8Array(this.spec.keyBytes);
      const result = call.next(this.spec.fd, key, next);
      if (result < 0) {
        if (errnoName(-result) === "ENOENT") return keys;
        throw sysError("bpf", `walk map ${this.spec.name}`, -result);
      }
      keys.push(next);
      key = next;
    }
  }

  /** One value's bytes for each CPU, cut from what `lookup` gave; one piece for a map that is not per CPU. */
  split(bytes: Uint8Array): Uint8Array[] {
    const { valueBytes } = this.spec;
    return Array.from({ length: this.copies }, (_, i) =>
      bytes.subarray(i * this.slotBytes, i * this.slotBytes + valueBytes),
    );
  }

  /** Puts each CPU's value where `update` wants it. @throws RangeError where it is not one a CPU */
  join(values: readonly Uint8Array[]): Uint8Array {
    if (values.length !== this.copies) {
      throw new RangeError(
        `Cannot write map ${this.spec.name}: ${values.length} values for ${this.copies} CPUs -> pass one for each`,
      );
    }
    const bytes = new Uint8Array(this.slotBytes * this.copies);
    values.forEach((value, i) => {
      bytes.set(value, i * this.slotBytes);
    });
    return bytes;
  }

  /**
   * Reads a slot of an array map as u64 counters, summed over CPUs for a per-CPU map.
   *
   * @param index the array index
   * @returns One number for each 8 bytes of the value; exact up to 2^53.
   */
  readCounters(index: number): number[] {
    const bytes = this.lookup(u32Key(index));
    if (bytes === null)
      throw new RangeError(
        `Cannot read slot ${index} of map ${this.spec.name}: it has ${this.spec.maxEntries} -> count from 0`,
      );
    const words = new BigUint64Array(bytes.buffer, 0, bytes.length >> 3);
    const each = this.slotBytes >> 3;
    const sums: number[] = new Array(each).fill(0);
    words.forEach((word, i) => {
      sums[i % each]! += Number(word);
    });
    return sums;
  }
}
