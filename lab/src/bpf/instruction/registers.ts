// Which registers an instruction writes, and which it leaves worthless.
import type { Instruction } from "./instruction.js";

const ARGUMENTS: readonly number[] = [1, 2, 3, 4, 5];
const SAVED_AND_FRAME: readonly number[] = [6, 7, 8, 9, 10];

/** The registers that an instruction puts a value into. @param depth functions under way before it, 1 for the program itself */
export function registersWritten({ operation, dst, src }: Instruction, depth: number): readonly number[] {
  switch (operation.kind) {
    case "alu":
    case "swap":
    case "constant":
    case "load":
      return [dst];
    case "atomic":
      if (operation.op === "cmpxchg") return [0];
      if (operation.op === "load_acquire") return [dst];
      return operation.fetch ? [src] : [];
    case "call helper":
    case "call kernel function":
      return [0];
    case "call function":
      return [10];
    case "exit":
      return depth > 1 ? SAVED_AND_FRAME : [];
    default:
      return [];
  }
}

/** The registers whose value is lost: a call may use those of its arguments as it likes. */
export function registersLost({ operation }: Instruction, depth: number): readonly number[] {
  const ends = operation.kind === "exit" && depth > 1;
  const calls = operation.kind === "call helper" || operation.kind === "call kernel function";
  return ends || calls ? ARGUMENTS : [];
}
