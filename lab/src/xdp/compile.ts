// C text to a BPF object by clang. The text is handed over on standard input, so clang's line numbers are the text's
// own, and nothing touches the disk.
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
    super(
      `Cannot compile ${program}: line ${line}: ${reason} -> mend line ${line} first; later errors often follow from it`,
    );
    this.line = line;
    this.log = log;
  }
}

const compiled = new Map<string, Uint8Array>();
// Debian keeps asm/types.h in a folder of the architecture, where -target bpf does not look.
const MULTIARCH: Readonly<Record<string, string>> = { x64: "x86_64-linux-gnu", arm64: "aarch64-linux-gnu" };

/**
 * Compiles C for the kernel's BPF machine. The same text is compiled once a process.
 *
 * @param text one C file; include `<linux/bpf.h>` and `<bpf/bpf_helpers.h>`
 * @param name for errors
 * @returns An ELF object with BTF and line info.
 * @throws CompileError when clang refuses; NotSupportedError without clang.
 */
export function compileXdp(text: string, name = "program"): Uint8Array {
  const known = compiled.get(text);
  if (known) return known;
  const include = `-I/usr/include/${MULTIARCH[process.arch] ?? process.arch}`;
  const args = ["-O2", "-g", "-Wall", "-target", "bpf", include, "-x", "c", "-", "-c", "-o", "-"];
  const run = spawnSync("clang", args, { input: text, maxBuffer: 2 ** 24 });
  if (run.error) {
    throw new NotSupportedError(
      "clang",
      "the compiler",
      (run.error as NodeJS.ErrnoException).code ?? "none",
      "run `sh vm/provision.sh`",
    );
  }
  const log = run.stderr.toString().replaceAll("<stdin>", name);
  if (run.status !== 0) {
    const first = /:(\d+):\d+: (?:fatal )?error: (.*)/.exec(log);
    throw new CompileError(name, Number(first?.[1] ?? 0), first?.[2] ?? log.trim(), log);
  }
  const elf = new Uint8Array(run.stdout);
  compiled.set(text, elf);
  return elf;
}
