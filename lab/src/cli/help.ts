import type { Verb } from "./verb.js";

function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join("\n");
}

/** The page that `ringside --help` prints: every verb with its line. */
export function overview(verbs: readonly Verb[]): string {
  return `ringside: measure kernel-bypass networking on your own machine

Usage: npx ringside <verb> [operands] [--options]

${table(verbs.map((verb) => [verb.name, verb.summary]))}

ringside <verb> --help says more. Exit codes: 0 done, 1 failed, 2 not understood.`;
}

/** The page that `ringside <verb> --help` prints. */
export function verbHelp(verb: Verb): string {
  const usage = ["npx ringside", verb.name, verb.operands, "[--options]"].filter(Boolean).join(" ");
  const options = Object.entries(verb.options).map(([name, option]): [string, string] => [
    `--${name}${option.placeholder === undefined ? "" : ` <${option.placeholder}>`}`,
    option.help,
  ]);
  return `${verb.summary}

Usage: ${usage}

${table([...options, ["--help", "print this"]])}

${verb.details}`;
}
