// What a branch asks: eleven comparisons, of whole registers or of their lower halves.
import type { Condition } from "../instruction/instruction.js";

/** Whether a condition holds. @param width 64, or 32 for the lower halves alone @source RFC 9669 section 4.3 */
export function holds(condition: Condition, width: 32 | 64, left: bigint, right: bigint): boolean {
  const a = BigInt.asUintN(width, left);
  const b = BigInt.asUintN(width, right);
  const signedA = BigInt.asIntN(width, left);
  const signedB = BigInt.asIntN(width, right);
  switch (condition) {
    case "eq":
      return a === b;
    case "ne":
      return a !== b;
    case "gt":
      return a > b;
    case "ge":
      return a >= b;
    case "lt":
      return a < b;
    case "le":
      return a <= b;
    case "set":
      return (a & b) !== 0n;
    case "sgt":
      return signedA > signedB;
    case "sge":
      return signedA >= signedB;
    case "slt":
      return signedA < signedB;
    case "sle":
      return signedA <= signedB;
  }
}
