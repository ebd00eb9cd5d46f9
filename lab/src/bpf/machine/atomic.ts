// Read, change and write back without anyone in between. In this machine nobody else runs, so only the result matters.
import type { AtomicOp, Operation, Size } from "../instruction/instruction.js";
import { calculate } from "./alu.js";
import type { Memory } from "./memory.js";

/** The registers an atomic instruction may change. */
export interface AtomicResult {
  /** New value of the source register, or null where it stays. */
  readonly fetched: bigint | null;
  /** New value of register 0, or null where it stays. */
  readonly r0: bigint | null;
}

/**
 * Carries out a change of memory.
 *
 * @param address where
 * @param operand value of the source register
 * @param expected value of register 0, which `cmpxchg` compares with
 * @source RFC 9669 section 5.3
 */
export function changeAtomically(
  memory: Memory,
  { op, size, fetch }: Extract<Operation, { kind: "atomic" }>,
  address: bigint,
  operand: bigint,
  expected: bigint,
): AtomicResult {
  const old = memory.load(address, size);
  if (op === "cmpxchg") {
    const equal = old === BigInt.asUintN(size * 8, expected);
    memory.store(address, size, equal ? operand : old);
    return { fetched: null, r0: old };
  }
  memory.store(address, size, changed(op, size, old, operand));
  return { fetched: fetch ? old : null, r0: null };
}

function changed(op: AtomicOp, size: Size, old: bigint, operand: bigint): bigint {
  const width = size === 8 ? 64 : 32;
  switch (op) {
    case "add":
    case "or":
    case "and":
    case "xor":
      return calculate(op, width, old, operand);
    default:
      return operand;
  }
}
