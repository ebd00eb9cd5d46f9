// Every change to the machine's network is a command that a person could type, and is kept so that it can be shown.
import { execFileSync } from "node:child_process";
import { NotSupportedError, SysError } from "../base/index.js";

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
    this.lines.push(...lines.map((line) => ["ip", ...where, line].join(" ")));
    execute("ip", [...where, "-batch", "-"], lines.join("\n"));
  }
}

function execute(program: string, args: readonly string[], input = ""): string {
  try {
    return execFileSync(program, args, { input, encoding: "utf8", stdio: "pipe", maxBuffer: 2 ** 24 });
  } catch (error) {
    const failure = error as NodeJS.ErrnoException & { stderr?: string };
    if (failure.code === "ENOENT") {
      throw new NotSupportedError(program, "this program", "none on the PATH", "run `sh vm/provision.sh`");
    }
    throw refused(program, args, (failure.stderr ?? failure.message).trim().split("\n")[0]!);
  }
}

function refused(program: string, args: readonly string[], words: string): SysError {
  const denied = /not permitted|denied/i.test(words);
  const code = denied ? "EPERM" : /File exists/i.test(words) ? "EEXIST" : "EINVAL";
  const next = denied
    ? "run as root (sudo)"
    : code === "EEXIST"
      ? "run `npx ringside reset` and try again"
      : "read the command and its answer; `npx ringside doctor` tells what this kernel has";
  return new SysError(program, code, `Cannot run \`${[program, ...args].join(" ")}\`: ${words} -> ${next}`);
}
