// How large this machine's caches are, so that a ring of pointers can be made to fit one and not the next smaller.
import { readdirSync, readFileSync } from "node:fs";

/** Bytes of data that each level of cache holds. */
export interface CacheSizes {
  readonly l1: number;
  readonly l2: number;
  /** The last level, shared between cores; on a VM with tenants that nobody sees. */
  readonly last: number;
  /** False where the machine does not tell, as some VMs: then these are common sizes. */
  readonly known: boolean;
}

const COMMON: CacheSizes = { l1: 32 << 10, l2: 1 << 20, last: 32 << 20, known: false };
const FOLDER = "/sys/devices/system/cpu/cpu0/cache";

/** Reads the data caches of the first CPU. @source Documentation/ABI/testing/sysfs-devices-system-cpu */
export function cacheSizes(): CacheSizes {
  const sizes = new Map<number, number>();
  for (const index of indexes()) {
    const read = (field: string): string => readFileSync(`${FOLDER}/${index}/${field}`, "utf8").trim();
    if (read("type") !== "Instruction")
      sizes.set(Number(read("level")), Number.parseInt(read("size"), 10) * 1024);
  }
  const l1 = sizes.get(1);
  const l2 = sizes.get(2);
  if (l1 === undefined || l2 === undefined) return COMMON;
  return { l1, l2, last: sizes.get(3) ?? l2, known: true };
}

function indexes(): string[] {
  try {
    return readdirSync(FOLDER).filter((name) => name.startsWith("index"));
  } catch {
    return [];
  }
}
