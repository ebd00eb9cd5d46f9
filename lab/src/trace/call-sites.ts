// From an address in the kernel to the function it lies in, by /proc/kallsyms. Without the right to read addresses
// the file lists zeros, and every site stays a number.
import { readFileSync } from "node:fs";

/** Looks up the function around an address. @returns Its name, or the address in hex where none is known. */
export type SymbolOf = (address: bigint) => string;

const TEXT = /^([0-9a-f]+) [tTwW] (\S+)/;

/**
 * Reads the kernel's symbols. They take some 100 ms to read, so do it once and only if needed.
 *
 * @param table text in the format of /proc/kallsyms, sorted or not
 */
export function symbolTable(table: string): SymbolOf {
  const addresses: bigint[] = [];
  const names: string[] = [];
  const symbols: [bigint, string][] = [];
  for (const line of table.split("\n")) {
    const match = TEXT.exec(line);
    if (match) symbols.push([BigInt(`0x${match[1]}`), match[2]!]);
  }
  symbols.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  for (const [address, name] of symbols) {
    addresses.push(address);
    names.push(name);
  }
  const readable = (addresses.at(-1) ?? 0n) > 0n;
  return (address) => {
    const at = readable ? lastNotAbove(addresses, address) : -1;
    return at < 0 ? `0x${address.toString(16)}` : names[at]!;
  };
}

function lastNotAbove(sorted: readonly bigint[], value: bigint): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

let kernel: SymbolOf | undefined;

/** The function of the running kernel around an address, e.g. `__alloc_skb`. */
export function kernelSymbol(address: bigint): string {
  kernel ??= symbolTable(readFileSync("/proc/kallsyms", "latin1"));
  return kernel(address);
}
