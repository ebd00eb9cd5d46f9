// C text to a BPF object by clang. The text is handed over on standard input and the object comes back on standard
// output: clang's line numbers are the text's own, and nothing touches the disk.
import { spawnSync } from "node:child_process";
import { NotSupportedError } from "../base/index.js";

/** clang refused the text. */
export class CompileError extends Error {
  override readonly name: string = "CompileError";
  /** Line of the text, 1 is the first; 0 when clang names none. */
  readonly line: number;
  /** All that clang said. */
  readonly log: string;

  constructor(program: string, line: number, reason: string, log: string) {
    const where = line > 0 ? `line ${line}: ` : "";
    const next = line > 0 ? `mend line ${line} first; later errors often follow from it` : "read error.log";
    super(`Cannot compile ${program}: ${where}${reason} -> ${next}`);
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

const compiled = new Map<string, Uint8Array>();

/**
 * Compiles C for the kernel's BPF machine. The same text is compiled once a process.
 *
 * @param text one C file; include `<linux/bpf.h>` and `<bpf/bpf_helpers.h>`
 * @param name for errors
 * @returns An ELF object with BTF, and the text itself for the verifier to quote.
 * @throws CompileError when clang refuses; NotSupportedError without clang.
 */
export function compileXdp(text: string, name = "program"): Uint8Array {
  const known = compiled.get(text);
  if (known) return known;
  const run = spawnSync("clang", ARGUMENTS, { input: text, maxBuffer: MAX_OBJECT_BYTES });
  if (run.error) {
    const found = (run.error as NodeJS.ErrnoException).code ?? run.error.message;
    throw new NotSupportedError("clang", "the compiler", found, "run `sh vm/provision.sh run`");
  }
  if (run.status !== 0) throw refusal(name, run.stderr.toString());
  const elf = new Uint8Array(run.stdout);
  compiled.set(text, elf);
  return elf;
}

/** The first complaint about the text itself; one about a header it includes only if there is no other. */
function refusal(name: string, log: string): CompileError {
  const own = /^<stdin>:(\d+):\d+: (?:fatal )?error: (.*)$/m.exec(log);
  const reason = own?.[2] ?? /error: (.*)/.exec(log)?.[1] ?? log.trim();
  return new CompileError(name, Number(own?.[1] ?? 0), reason, log.replaceAll("<stdin>", name));
}
