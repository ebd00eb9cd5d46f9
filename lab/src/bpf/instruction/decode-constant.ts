// The one instruction of two slots: a 64-bit constant, half of it in each. Its source register says what the constant
// stands for: a number, or a map that the loader will put in its place.
import { type Fields, INSTRUCTION_BYTES, readFields } from "./fields.js";
import type { Operation } from "./instruction.js";

const LOAD_CONSTANT = 0x18;

/** Kinds of constant. @source RFC 9669 section 5.4; include/uapi/linux/bpf.h, BPF_PSEUDO_* */
export const PSEUDO = { number: 0, mapFd: 1, mapValue: 2, function: 4 } as const;

/** Reads a 64-bit constant; null where it is none, as for the packet loads of the old socket filters. */
export function decodeConstant(code: Uint8Array, slot: number, fields: Fields): Operation | null {
  const { opcode, src, imm } = fields;
  if (opcode !== LOAD_CONSTANT || (slot + 2) * INSTRUCTION_BYTES > code.length) return null;
  const upper = readFields(code, slot + 1).imm;
  const value = (BigInt(upper >>> 0) << 32n) | BigInt(imm >>> 0);
  switch (src) {
    case PSEUDO.number:
      return { kind: "constant", constant: { refers: "number", value } };
    case PSEUDO.mapFd:
      return { kind: "constant", constant: { refers: "map", map: imm } };
    case PSEUDO.mapValue:
      return { kind: "constant", constant: { refers: "map value", map: imm, offset: upper } };
    case PSEUDO.function:
      return { kind: "constant", constant: { refers: "function", target: slot + 1 + imm } };
    default:
      return { kind: "constant", constant: { refers: "kernel", kind: src, value } };
  }
}
