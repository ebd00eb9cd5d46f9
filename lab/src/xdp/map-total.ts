// Each CPU counts for itself, so that no two ever write the same bytes; whoever wants to know adds up.
import type { CStruct, CValue } from "../bpf/index.js";

/** Adds up values of one shape, member by member. @throws TypeError for texts and bytes */
export function addUp(values: readonly CValue[], map: string): CValue {
  return values.reduce((sum, value) => add(sum, value, map));
}

/** Whether values of this shape can be added up: numbers, and lists and structs of them. */
export function hasSum(value: CValue): boolean {
  if (typeof value === "string" || value instanceof Uint8Array) return false;
  return typeof value !== "object" || Object.values(value).every(hasSum);
}

function add(a: CValue, b: CValue, map: string): CValue {
  if (typeof a === "number") return a + (b as number);
  if (typeof a === "bigint") return a + (b as bigint);
  if (Array.isArray(a)) return a.map((each: CValue, i) => add(each, (b as readonly CValue[])[i], map));
  if (typeof a === "string" || a instanceof Uint8Array) {
    throw new TypeError(`Cannot add up map ${map}: it holds texts or bytes -> read it by perCpu`);
  }
  const other = b as CStruct;
  return Object.fromEntries(
    Object.entries(a as CStruct).map(([name, each]) => [name, add(each, other[name], map)]),
  );
}
