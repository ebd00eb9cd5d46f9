// Every error the lab throws on purpose reads
//   Cannot <action> <object with values>: <cause>; <state now> -> <try this>
// The caller's own mistakes are RangeError and TypeError; the classes here are for the machine's refusals.

/** A system call or library call failed. `call` and `code` are for programs, the message is for people. */
export class SysError extends Error {
  override readonly name: string = "SysError";
  /** The call that failed, as its man page names it, e.g. `bind`. */
  readonly call: string;
  /** The errno name, e.g. `EBUSY`. */
  readonly code: string;

  constructor(call: string, code: string, message: string) {
    super(message);
    this.call = call;
    this.code = code;
  }
}

/** This machine cannot do it: says which feature, what it needs, and what was found instead. */
export class NotSupportedError extends Error {
  override readonly name: string = "NotSupportedError";
  readonly feature: string;
  readonly needs: string;
  readonly found: string;

  constructor(feature: string, needs: string, found: string, next: string) {
    super(`Cannot use ${feature}: it needs ${needs}; found ${found} -> ${next}`);
    this.feature = feature;
    this.needs = needs;
    this.found = found;
  }
}

/** The kernel's verifier refused a program. `log` is the whole verifier log. */
export class VerifierError extends Error {
  override readonly name: string = "VerifierError";
  readonly program: string;
  /** Index of the refused instruction, or -1 when the log names none. */
  readonly instruction: number;
  readonly reason: string;
  readonly log: string;

  constructor(program: string, instruction: number, reason: string, log: string, next: string) {
    super(
      `Cannot load ${program}: the verifier rejected ${instruction < 0 ? "it" : `instruction ${instruction}`}: ${reason} -> ${next}`,
    );
    this.program = program;
    this.instruction = instruction;
    this.reason = reason;
    this.log = log;
  }
}

/**
 * Gives an error its class back. Between threads an error keeps its name, message and fields, and becomes a plain `Error`.
 *
 * @param error as it came from another thread; changed in place
 * @returns The same error. One that is not of these classes stays as it is.
 * @source nodejs.org/api/worker_threads.html, "Event: 'error'"
 */
export function restoreClass(error: Error): Error {
  const original = [SysError, NotSupportedError, VerifierError].find((kind) => kind.name === error.name);
  return original === undefined ? error : Object.setPrototypeOf(error, original.prototype);
}
