// Bytecode beside the C line it came from: what clang made of the text, instruction by instruction.
import type { ConstantName } from "../instruction/print.js";
import { printInstruction } from "../instruction/print.js";
import type { Bytecode } from "./bytecode.js";
import { type CLine, lineOf } from "./line-info.js";

/** One row of a listing. */
export interface ListedInstruction {
  readonly slot: number;
  /** Its bytes in hexadecimal. */
  readonly bytes: string;
  /** As the verifier prints it, with maps by name. */
  readonly text: string;
  /** Where it came from; null without line info. */
  readonly line: CLine | null;
}

/** Names maps as the C text does. */
export function mapNames({ maps }: Pick<Bytecode, "maps">): ConstantName {
  return (constant) => {
    switch (constant.refers) {
      case "map":
        return `map ${maps[constant.map]?.name ?? constant.map}`;
      case "map value":
        return `${maps[constant.map]?.name ?? `map ${constant.map}`}+${constant.offset}`;
      case "function":
        return `function at ${constant.target}`;
      default:
        return `0x${constant.value.toString(16)}`;
    }
  };
}

/** Disassembles a program. */
export function disassemble(bytecode: Bytecode): ListedInstruction[] {
  const names = mapNames(bytecode);
  return bytecode.instructions.map((instruction) => {
    const { slot, slots } = instruction;
    const bytes = bytecode.code.subarray(slot * 8, (slot + slots) * 8);
    return {
      slot,
      bytes: Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" "),
      text: printInstruction(instruction, names),
      line: lineOf(bytecode.lines, slot),
    };
  });
}
