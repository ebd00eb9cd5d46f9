import { NotSupportedError, SysError, VerifierError } from "../base/index.js";
import { UsageError } from "./verb.js";

/** How a verb ended badly: what to print, and with which code to leave. */
export interface Failure {
  readonly text: string;
  readonly exitCode: 1 | 2;
}

/**
 * Turns what a verb threw into what a person reads. An error in the house's form, which ends in `-> <try this>`,
 * is one line. Anything else is a mistake of ours, and keeps its stack.
 *
 * @param error what was thrown
 */
export function describeFailure(error: unknown): Failure {
  if (error instanceof UsageError) return { text: error.message, exitCode: 2 };
  if (isForPeople(error)) return { text: error.message, exitCode: 1 };
  const refusal = describeFileRefusal(error);
  if (refusal !== null) return { text: refusal, exitCode: 1 };
  const stack = error instanceof Error ? error.stack : undefined;
  return {
    text: `${stack ?? String(error)}\n\nThis is a bug in ringside; please report it with the lines above.`,
    exitCode: 1,
  };
}

function isForPeople(error: unknown): error is Error {
  if (error instanceof SysError || error instanceof NotSupportedError || error instanceof VerifierError)
    return true;
  return error instanceof Error && error.message.includes(" -> ");
}

const FILE_REMEDIES: Readonly<Record<string, string>> = {
  EACCES: "it belongs to another user; use sudo, or a clone of your own",
  EROFS: "the file system is read-only; use a clone that can be written",
  ENOSPC: "the disk is full; free some space (df -h)",
  EISDIR: "that is a folder; name a file",
  ENOTDIR: "part of that path is a file; name another",
};

/** What the system says of a file that could not be opened or written, with the next step; null for anything else. */
function describeFileRefusal(error: unknown): string | null {
  const { code = "", path, syscall } = Object(error) as NodeJS.ErrnoException;
  const remedy = FILE_REMEDIES[code];
  if (remedy === undefined || syscall === undefined) return null;
  // Once a file is open, Node no longer says which it is.
  return `Cannot ${syscall} ${path ?? "a file"}: ${code} -> ${remedy}`;
}
