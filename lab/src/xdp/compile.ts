// C text to a BPF object by clang. The text is handed over on standard input and the object comes back on standard
// output: clang's line numbers are the text's own, and nothing touches the disk.
import { spawnSync } from "node:child_process";
import { NotSupportedError } from "../base/index.js";
import { type Bytecode, readBytecode } from "../bpf/index.js";
import { type CText, lineOf, nameOf, placeLog, plainText } from "./c-text.js";

/** clang refused the text. */
export class CompileError extends Error {
  override readonly name: string = "CompileError";
  /** Line of the text, or of the cell that it was written in, 1 is the first; 0 when clang names none. */
  readonly line: number;
  /** All that clang said, with the same lines. */
  readonly log: string;

  /** @param place `In[3]:12:9`, empty for a text that was written in no cell */
  constructor(program: string, line: number, reason: string, log: string, place = "") {
    const where = line > 0 ? `line ${line}: ` : "";
    const next = line > 0 ? `mend line ${line} first; later errors often follow from it` : "read error.log";
    super(`Cannot compile ${program}${place === "" ? "" : ` (${place})`}: ${where}${reason} -> ${next}`);
    this.line = line;
    this.log = log;
  }
}

// Debian keeps asm/types.h in a folder of the architecture, where -target bpf does not look.
const MULTIARCH: Readonly<Record<string, string>> = { x64: "x86_64-linux-gnu", arm64: "aarch64-linux-gnu" };
const INCLUDE = `-I/usr/include/${MULTIARCH[process.arch] ?? process.arch}`;
// The verifier's log quotes the C text. Since there is no file to quote from, clang puts the text into the object.
const QUOTABLE = ["-g", "-gdwarf-5", "-gembed-source"];
const ARGUMENTS = ["-O2", ...QUOTABLE, "-Wall", "-target", "bpf", INCLUDE, "-x", "c", "-c", "-", "-o", "-"];
const MAX_OBJECT_BYTES = 2 ** 24;
/** A program of the course takes clang a fifth of a second. */
const LIMIT_MS = 20_000;

const compiled = new Map<string, Uint8Array>();

/**
 * Compiles C for the kernel's BPF machine. The same text is compiled once a process.
 *
 * @param text one C file, or `cText` of a cell; include `<linux/bpf.h>` and `<bpf/bpf_helpers.h>`
 * @param name for errors about a plain text
 * @param limitMs after this time clang is ended; 20 000 unless given
 * @returns An ELF object with BTF, and the text itself for the verifier to quote.
 * @throws CompileError when clang refuses, or is not done in time; NotSupportedError without clang.
 */
export function compileXdp(text: string | CText, name = "program", limitMs: number = LIMIT_MS): Uint8Array {
  const input = plainText(text);
  const known = compiled.get(input);
  if (known) return known;
  const run = spawnSync("clang", ARGUMENTS, {
    input,
    maxBuffer: MAX_OBJECT_BYTES,
    timeout: limitMs,
    killSignal: "SIGKILL",
  });
  if (run.error) throw failure(run.error, nameOf(text, name), limitMs);
  if (run.status !== 0) throw refusal(text, name, run.stderr.toString());
  const elf = new Uint8Array(run.stdout);
  compiled.set(input, elf);
  return elf;
}

/** The program in a text as clang wrote it, its lines those of the cell. @throws RangeError for one that the lab cannot link */
export function bytecodeOfText(text: string | CText): Bytecode {
  const bytecode = readBytecode(compileXdp(text));
  if (typeof text === "string") return bytecode;
  return { ...bytecode, lines: bytecode.lines.map((each) => ({ ...each, line: lineOf(text, each.line) })) };
}

function failure(error: NodeJS.ErrnoException, name: string, limitMs: number): Error {
  if (error.code !== "ETIMEDOUT") {
    const next = "run `sh vm/provision.sh run`";
    return new NotSupportedError("clang", "the compiler", error.code ?? error.message, next);
  }
  const reason = `clang was not done after ${limitMs / 1000} s and was ended; look for a macro or an include that goes on for ever`;
  return new CompileError(name, 0, reason, reason);
}

/** The first complaint about the text itself; one about a header it includes only if there is no other. */
function refusal(text: string | CText, name: string, log: string): CompileError {
  const own = /^<stdin>:(\d+):(\d+): (?:fatal )?error: (.*)$/m.exec(log);
  const reason = own?.[3] ?? /error: (.*)/.exec(log)?.[1] ?? log.trim();
  const line = own === null ? 0 : lineOf(text, Number(own[1]));
  const place = typeof text === "string" || own === null ? "" : `${text.place}:${line}:${own[2]}`;
  return new CompileError(nameOf(text, name), line, reason, placeLog(text, log, name), place);
}
