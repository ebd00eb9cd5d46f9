// Arithmetic of 64 or 32 bits. Nothing overflows and nothing fails: results wrap, a division by zero gives 0, a
// remainder by zero leaves the value, and a shift counts modulo the width.
import type { AluOp, Operation } from "../instruction/instruction.js";

/**
 * One calculation.
 *
 * @param width 64, or 32: then only the lower halves count and the upper half of the result is 0
 * @returns the result as an unsigned number of 64 bits
 * @source RFC 9669 section 4.1
 */
export function calculate(op: AluOp, width: 32 | 64, left: bigint, right: bigint): bigint {
  const a = BigInt.asUintN(width, left);
  const b = BigInt.asUintN(width, right);
  const shift = b & BigInt(width - 1);
  switch (op) {
    case "add":
      return BigInt.asUintN(width, a + b);
    case "sub":
      return BigInt.asUintN(width, a - b);
    case "mul":
      return BigInt.asUintN(width, a * b);
    case "div":
      return b === 0n ? 0n : a / b;
    case "mod":
      return b === 0n ? a : a % b;
    case "sdiv":
      return b === 0n ? 0n : BigInt.asUintN(width, BigInt.asIntN(width, a) / BigInt.asIntN(width, b));
    case "smod":
      return b === 0n ? a : BigInt.asUintN(width, BigInt.asIntN(width, a) % BigInt.asIntN(width, b));
    case "or":
      return a | b;
    case "and":
      return a & b;
    case "xor":
      return a ^ b;
    case "mov":
      return b;
    case "neg":
      return BigInt.asUintN(width, -a);
    case "lsh":
      return BigInt.asUintN(width, a << shift);
    case "rsh":
      return a >> shift;
    case "arsh":
      return BigInt.asUintN(width, BigInt.asIntN(width, a) >> shift);
  }
}

/** Spreads the sign of the lower bits over a register. @param bits 8, 16, 32 @param width of the register written */
export function extendSign(value: bigint, bits: number, width: 32 | 64): bigint {
  return BigInt.asUintN(width, BigInt.asIntN(bits, value));
}

/**
 * Turns the order of the lower bytes round, or cuts to them where they are in the order asked for already.
 *
 * @param order `be` and `bswap` turn round, `le` does not: this machine, as x86 and arm64, keeps the little end first
 * @source RFC 9669 section 4.2
 */
export function swapBytes(
  value: bigint,
  { order, bits }: Pick<Extract<Operation, { kind: "swap" }>, "order" | "bits">,
): bigint {
  let rest = BigInt.asUintN(bits, value);
  if (order === "le") return rest;
  let turned = 0n;
  for (let byte = 0; byte < bits; byte += 8) {
    turned = (turned << 8n) | (rest & 255n);
    rest >>= 8n;
  }
  return turned;
}
