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
