// What clang made of a C text, and what the kernel made of that: instruction beside instruction, under the C line that
// both came from.
import { type Bytecode, type CLine, decodeProgram, disassemble, printInstruction } from "../bpf/index.js";
import { type Cell, htmlTable, type Table } from "../plot/index.js";
import { type LoadedCode, readLoadedCode } from "../sys/index.js";
import type { XdpProgram } from "./program.js";

/** An instruction in its slot. */
interface Listed {
  readonly slot: number;
  readonly text: string;
}

/** The instructions of one C line that stand together. */
interface Run {
  readonly line: Pick<CLine, "line" | "text">;
  readonly instructions: readonly Listed[];
}

/**
 * Lists a program beside its C text.
 *
 * @param bytecode as clang wrote it
 * @param program the same in the kernel: then the verifier's rewriting stands beside it, and the size of the machine code
 */
export function listingTable(bytecode: Bytecode, program: XdpProgram | null = null): Table {
  const own = runsOf(bytecode.lines, disassemble(bytecode));
  const loaded = program === null ? null : readLoadedCode(program.program.fd);
  const kept = loaded === null ? [] : runsOf(loaded.lines, instructionsOf(loaded));
  // The verifier removes what is never reached; where it removed a whole line, the two do not match line by line.
  const matches = kept.length === own.length;
  const rows = own.flatMap((run, i) => {
    const again = own[i - 1]?.line.line === run.line.line;
    return rowsOf(run, matches ? kept[i] : null, again ? "" : `${run.line.line}: ${run.line.text}`);
  });
  const columns = ["C line", "slot", "clang wrote", ...(matches ? ["the kernel runs"] : [])];
  return htmlTable(
    columns.map((name) => ({ name })),
    matches ? rows : rows.map((row) => row.slice(0, 3)),
    { title: titleOf(bytecode, loaded) },
  );
}

function titleOf({ name, instructions }: Bytecode, loaded: LoadedCode | null): string {
  const own = `${name}: ${instructions.length} instructions`;
  return loaded === null || loaded.jitedBytes === 0
    ? own
    : `${own}, of which the kernel made ${loaded.jitedBytes} bytes of machine code`;
}

function instructionsOf({ code }: LoadedCode): Listed[] {
  return decodeProgram(code).map((each) => ({ slot: each.slot, text: printInstruction(each) }));
}

/** Instructions by the line record that they belong to. */
function runsOf(
  lines: readonly Pick<CLine, "slot" | "line" | "text">[],
  instructions: readonly Listed[],
): Run[] {
  const known = lines.filter(({ line }) => line > 0);
  return known.map((line, i) => ({
    line,
    instructions: instructions.filter(
      ({ slot }) => slot >= line.slot && slot < (known[i + 1]?.slot ?? Number.POSITIVE_INFINITY),
    ),
  }));
}

function rowsOf({ instructions }: Run, kept: Run | null, quoted: string): Cell[][] {
  const length = Math.max(instructions.length, kept?.instructions.length ?? 0);
  return Array.from({ length }, (_, i): Cell[] => {
    const [own, other] = [instructions[i], kept?.instructions[i]];
    return [
      i === 0 ? quoted : "",
      own === undefined ? "" : String(own.slot),
      own?.text ?? "",
      other === undefined ? "" : other.text === own?.text ? "the same" : other.text,
    ];
  });
}
