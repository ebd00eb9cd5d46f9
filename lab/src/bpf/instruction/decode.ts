// From eight bytes to a meaning. The low three bits of the opcode are the class; each class reads the other five bits in
// its own way, and that is all the switch below says.
import { decodeConstant } from "./decode-constant.js";
import { decodeMemory } from "./decode-memory.js";
import { type Fields, INSTRUCTION_BYTES, readFields } from "./fields.js";
import type { AluOp, Condition, Instruction, Operand, Operation } from "./instruction.js";

/** @source RFC 9669 section 3.3, instruction classes */
const CLASS = { ld: 0, ldx: 1, st: 2, stx: 3, alu: 4, jmp: 5, jmp32: 6, alu64: 7 } as const;
const FROM_REGISTER = 8;

// By the upper four bits of the opcode. @source RFC 9669 sections 4.1 and 4.3
// biome-ignore format: a table by number
const ALU: readonly (AluOp | undefined)[] = [
  "add", "sub", "mul", "div", "or", "and", "lsh", "rsh", "neg", "mod", "xor", "mov", "arsh",
];
// biome-ignore format: a table by number
const CONDITIONS: readonly (Condition | undefined)[] = [
  undefined, "eq", "gt", "ge", "set", "ne", "sgt", "sge", undefined, undefined, "lt", "le", "slt", "sle",
];
const SWAP = 0xd;
const GOTO = 0x0;
const CALL = 0x8;
const EXIT = 0x9;

/**
 * Reads bytecode.
 *
 * @param code instructions one after the other, a multiple of 8 bytes
 * @returns The instructions in order; a 64-bit constant is one instruction of two slots.
 * @throws RangeError for bytes that are no instruction, with the slot and the opcode.
 * @source RFC 9669
 */
export function decodeProgram(code: Uint8Array): Instruction[] {
  if (code.length === 0 || code.length % INSTRUCTION_BYTES !== 0) {
    throw new RangeError(
      `Cannot read ${code.length} bytes as instructions: each takes ${INSTRUCTION_BYTES} -> pass a whole program`,
    );
  }
  const instructions: Instruction[] = [];
  for (let slot = 0; slot < code.length / INSTRUCTION_BYTES; ) {
    const instruction = decodeAt(code, slot);
    instructions.push(instruction);
    slot += instruction.slots;
  }
  return instructions;
}

function decodeAt(code: Uint8Array, slot: number): Instruction {
  const fields = readFields(code, slot);
  const { opcode, dst, src, offset } = fields;
  const operation =
    (opcode & 7) === CLASS.ld ? decodeConstant(code, slot, fields) : decodeFields(fields, slot);
  if (operation === null || dst > 10 || src > 10) {
    const found = `opcode 0x${opcode.toString(16).padStart(2, "0")}, registers ${dst} and ${src}`;
    throw new RangeError(
      `Cannot read instruction ${slot}: ${found} is none -> compare with the tables of RFC 9669`,
    );
  }
  return { slot, slots: (opcode & 7) === CLASS.ld ? 2 : 1, opcode, dst, src, offset, operation };
}

function decodeFields(fields: Fields, slot: number): Operation | null {
  switch (fields.opcode & 7) {
    case CLASS.alu:
      return decodeAlu(fields, 32);
    case CLASS.alu64:
      return decodeAlu(fields, 64);
    case CLASS.jmp:
      return decodeJump(fields, slot, 64);
    case CLASS.jmp32:
      return decodeJump(fields, slot, 32);
    default:
      return decodeMemory(fields);
  }
}

function operandOf({ opcode, src, imm }: Fields): Operand {
  return (opcode & FROM_REGISTER) !== 0
    ? { from: "register", register: src }
    : { from: "constant", value: imm };
}

function decodeAlu(fields: Fields, width: 32 | 64): Operation | null {
  const { opcode, offset, imm } = fields;
  if (opcode >> 4 === SWAP) return decodeSwap(opcode, imm, width);
  const plain = ALU[opcode >> 4];
  if (plain === undefined) return null;
  const op = offset === 1 && plain === "div" ? "sdiv" : offset === 1 && plain === "mod" ? "smod" : plain;
  const signedBits = plain === "mov" ? offset : 0;
  if (signedBits !== 0 && signedBits !== 8 && signedBits !== 16 && signedBits !== 32) return null;
  return { kind: "alu", width, op, operand: operandOf(fields), signedBits };
}

function decodeSwap(opcode: number, bits: number, width: 32 | 64): Operation | null {
  if (bits !== 16 && bits !== 32 && bits !== 64) return null;
  const toBig = (opcode & FROM_REGISTER) !== 0;
  return { kind: "swap", order: width === 64 ? "bswap" : toBig ? "be" : "le", bits };
}

function decodeJump(fields: Fields, slot: number, width: 32 | 64): Operation | null {
  const { opcode, src, offset, imm } = fields;
  switch (opcode >> 4) {
    case GOTO:
      return width === 64
        ? { kind: "goto", target: slot + 1 + offset, long: false }
        : { kind: "goto", target: slot + 1 + imm, long: true };
    case CALL:
      if (width === 32) return null;
      if (src === 0) return { kind: "call helper", helper: imm };
      return src === 1
        ? { kind: "call function", target: slot + 1 + imm }
        : { kind: "call kernel function", id: imm };
    case EXIT:
      return width === 32 ? null : { kind: "exit" };
    default: {
      const condition = CONDITIONS[opcode >> 4];
      if (condition === undefined) return null;
      return { kind: "branch", width, condition, operand: operandOf(fields), target: slot + 1 + offset };
    }
  }
}
