// A helper is a function of the kernel: up to five registers in, one out.
import type { Memory } from "../memory.js";
import type { ModelMap } from "../model-map.js";

/** What a helper can reach. */
export interface HelperWorld {
  readonly memory: Memory;
  /** The map that a register points to. @throws MachineError where it points to none */
  mapAt(pointer: bigint): ModelMap;
  /** Nanoseconds since the machine was switched on; it advances by one microsecond a call. */
  clockNs(): bigint;
  /** The next number of the seeded generator, 32 bits. */
  random(): number;
  /** Keeps a line that the program printed. */
  print(line: string): void;
}

/** Registers 1 to 5, in this order, and what register 0 becomes. */
export type Helper = (world: HelperWorld, ...registers: bigint[]) => bigint;

// Numbers of errors are the same on every Linux that the lab runs on. @source include/uapi/asm-generic/errno-base.h
const ERRNO = { ENOENT: 2, E2BIG: 7, EACCES: 13, EFAULT: 14, EEXIST: 17, EINVAL: 22 } as const;

/** An error as helpers return it: its number, below 0; 0 for none. */
export function failure(code: keyof typeof ERRNO | null): bigint {
  return code === null ? 0n : BigInt(-ERRNO[code]);
}

/** The lower half of a register as a signed number. */
export function int32(register: bigint): number {
  return Number(BigInt.asIntN(32, register));
}

/** The lower half of a register as an unsigned number. */
export function uint32(register: bigint): number {
  return Number(BigInt.asUintN(32, register));
}
