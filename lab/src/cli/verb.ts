// A verb is data: its name, what its help says, the options it takes, and the function that does it.
// `command-line.ts` parses for all of them; a verb's function loads the modules it needs when it is called,
// so that help is instant.

/** One `--option` of a verb. */
export interface Option {
  readonly type: "boolean" | "string";
  /** Stands for the value in the help, e.g. `port`; only for strings. */
  readonly placeholder?: string;
  readonly help: string;
}

/** What the person typed after the verb, parsed and checked against its options. */
export interface Request {
  readonly operands: readonly string[];
  /** True where the boolean option was given. */
  flag(option: string): boolean;
  /** Value of the string option, or undefined where it was not given. */
  value(option: string): string | undefined;
}

export interface Verb {
  /** The word or words that call it, e.g. `start` or `nb build`. */
  readonly name: string;
  /** One line for the list of verbs. */
  readonly summary: string;
  /** Operands as the usage line shows them, e.g. `[notebook...]`; empty where it takes none. */
  readonly operands: string;
  readonly options: Readonly<Record<string, Option>>;
  /** The rest of the help: what it does, what it leaves behind, an example. */
  readonly details: string;
  /** Does it. @returns the exit code: 0 done, 1 failed. */
  run(request: Request): Promise<number>;
}

/** The same switch wherever a script would want the answer. */
export const JSON_OPTION: Option = { type: "boolean", help: "print the answer as JSON" };

/** The person asked for something that the verb does not take; exit code 2. */
export class UsageError extends Error {
  override readonly name: string = "UsageError";
}
