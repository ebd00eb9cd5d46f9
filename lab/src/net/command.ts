// Every change to the machine's network is a command that a person could type, and is kept so that it can be shown.
import { execFileSync } from "node:child_process";
import { NotSupportedError, SysError } from "../base/index.js";

const MAX_OUTPUT_BYTES = 2 ** 24;

/** Runs commands one after the other and remembers them. */
export class CommandLog {
  /** What was run, in order, as it would be typed. */
  readonly lines: string[] = [];

  /**
   * Runs a program to its end.
   *
   * @returns What it wrote to standard output.
   * @throws SysError with its own words when it fails; NotSupportedError when it is not installed.
   */
  run(program: string, ...args: string[]): string {
    this.lines.push([program, ...args].join(" "));
    return execute(program, args);
  }

  /** Runs lines through one `ip -batch`: one process, however many lines. @param namespace where, the host's if left out */
  ip(lines: readonly string[], namespace?: string): void {
    const where = namespace === undefined ? [] : ["-n", namespace];
    const typed = lines.map((line) => ["ip", ...where, line].join(" "));
    this.lines.push(...typed);
    execute("ip", [...where, "-batch", "-"], lines.join("\n"), typed);
  }
}

/** @param typed what each line of `input` reads when typed alone: `ip -batch` says only which line failed */
function execute(
  program: string,
  args: readonly string[],
  input = "",
  typed: readonly string[] = [],
): string {
  try {
    return execFileSync(program, args, {
      input,
      encoding: "utf8",
      stdio: "pipe",
      maxBuffer: MAX_OUTPUT_BYTES,
    });
  } catch (error) {
    const failure = error as NodeJS.ErrnoException & { stderr?: string };
    if (failure.code === "ENOENT") {
      throw new NotSupportedError(
        program,
        "this program",
        "none on the PATH",
        "run `sh vm/provision.sh run`",
      );
    }
    const words = failure.stderr || failure.message;
    const line = Number(/^Command failed -:(\d+)$/m.exec(words)?.[1] ?? 0);
    throw refusal(program, typed[line - 1] ?? [program, ...args].join(" "), words);
  }
}

const DENIED = /not permitted|denied/i;
const EXISTS = /File exists|already (assigned|exists)/i;

function refusal(program: string, typed: string, words: string): SysError {
  const reason = words
    .trim()
    .split("\n")[0]!
    .replace(/^(Error|RTNETLINK answers): /, "");
  if (DENIED.test(words)) return failed(program, "EPERM", typed, reason, "run as root (sudo)");
  if (EXISTS.test(words)) {
    return failed(program, "EEXIST", typed, reason, "use another name, or run `npx ringside reset`");
  }
  const next = "type the command yourself; `npx ringside doctor` tells what this kernel has";
  return failed(program, "EINVAL", typed, reason, next);
}

function failed(program: string, code: string, typed: string, reason: string, next: string): SysError {
  return new SysError(program, code, `Cannot run \`${typed}\`: ${reason} -> ${next}`);
}
