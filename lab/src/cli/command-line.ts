// From what was typed to a verb and its request. Nothing is done here; everything wrong is a UsageError
// that names the nearest right thing.

import { parseArgs } from "node:util";
import { nearest } from "./nearest.js";
import { type Request, UsageError, type Verb } from "./verb.js";

/** What was typed, understood: a page of help, or a verb to run. */
export type Command =
  | { readonly kind: "overview" }
  | { readonly kind: "help"; readonly verb: Verb }
  | { readonly kind: "run"; readonly verb: Verb; readonly request: Request };

/**
 * Finds the verb and parses its options.
 *
 * @param words what follows `ringside`
 * @param verbs all that there are
 * @throws UsageError where the verb or an option is unknown, or operands are given to a verb that takes none
 */
export function understand(words: readonly string[], verbs: readonly Verb[]): Command {
  if (words.length === 0 || words[0] === "--help" || words[0] === "-h" || words[0] === "help") {
    return { kind: "overview" };
  }
  const verb = findVerb(words, verbs);
  const rest = words.slice(verb.name.split(" ").length);
  if (rest.includes("--help") || rest.includes("-h")) return { kind: "help", verb };
  return { kind: "run", verb, request: parseRequest(verb, rest) };
}

function findVerb(words: readonly string[], verbs: readonly Verb[]): Verb {
  const pair = words.slice(0, 2).join(" ");
  const found = verbs.find((verb) => verb.name === pair || verb.name === words[0]);
  if (found !== undefined) return found;
  const isGroup = verbs.some((verb) => verb.name.startsWith(`${words[0]} `));
  const typed = isGroup ? pair : words[0]!;
  const names = verbs.map((verb) => verb.name);
  const guess = nearest(typed, names);
  throw new UsageError(
    `Cannot run "${typed}": there is no such verb -> ${guess === undefined ? "npx ringside --help lists them" : `did you mean "${guess}"?`}`,
  );
}

function parseRequest(verb: Verb, words: readonly string[]): Request {
  const options = Object.fromEntries(
    Object.entries(verb.options).map(([name, { type }]) => [name, { type }]),
  );
  let parsed: { values: Record<string, unknown>; positionals: string[] };
  try {
    parsed = parseArgs({ args: [...words], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(
      `Cannot run "${verb.name}": ${firstSentence(error)} -> npx ringside ${verb.name} --help lists its options`,
    );
  }
  if (verb.operands === "" && parsed.positionals.length > 0) {
    throw new UsageError(
      `Cannot run "${verb.name} ${parsed.positionals.join(" ")}": ${verb.name} takes no operands -> npx ringside ${verb.name} --help`,
    );
  }
  return {
    operands: parsed.positionals,
    flag: (option) => parsed.values[option] === true,
    value: (option) => {
      const value = parsed.values[option];
      return typeof value === "string" ? value : undefined;
    },
  };
}

/** node:util's own message, without its advice about positional arguments. */
function firstSentence(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split(/\. |\n/)[0]!.replace(/\.$/, "");
}
