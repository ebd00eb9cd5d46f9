// A program without an object file around it, for tests of the machine.
import { type Bytecode, decodeProgram, type Fields, type MapDefinition } from "ringside/bpf";
import { assemble } from "./assemble.js";

/** Puts instructions and maps together. @param maps by the number that the instructions use */
export function bytecode(
  program: readonly Fields[],
  maps: readonly MapDefinition[] = [],
  name = "test",
): Bytecode {
  const code = assemble(program);
  const instructions = decodeProgram(code);
  return { name, section: "xdp", code, instructions, maps, lines: [], functions: [], btf: null };
}
