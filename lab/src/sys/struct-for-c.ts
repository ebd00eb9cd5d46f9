// What a loop in C is told: a struct whose fields are u64, addresses among them, and room behind it for what the loop keeps itself.
import { type Mapping, mapAnonymous } from "./memory.js";

/**
 * Lays out a struct of u64 fields in memory of its own.
 *
 * @param fields whole numbers in the order of the C struct; a negative one in two's complement
 * @param moreBytes zeroes that follow
 * @returns Memory that begins with the struct; give it back when no loop uses it any more.
 */
export function structForC(fields: readonly number[], moreBytes = 0): Mapping {
  const memory = mapAnonymous(8 * fields.length + moreBytes);
  new BigInt64Array(memory.buffer, 0, fields.length).set(fields.map(BigInt));
  return memory;
}
