import type { CStruct, CValue } from "./value.js";

/** A map's value in words: `3`, `"eth0"`, `02:00:00:00:00:0a`, `[1, 2]`, `{ packets: 3, bytes: 180 }`; integers in decimal, whatever their size. */
export function printValue(value: CValue): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object") return String(value);
  if (value instanceof Uint8Array)
    return Array.from(value, (byte) => byte.toString(16).padStart(2, "0")).join(":");
  if (Array.isArray(value)) return `[${value.map(printValue).join(", ")}]`;
  const members = Object.entries(value as CStruct).map(([name, each]) => `${name}: ${printValue(each)}`);
  return `{ ${members.join(", ")} }`;
}
