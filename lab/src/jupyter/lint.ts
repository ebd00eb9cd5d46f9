// The form of a lesson: every notebook is read the same way, so that a reader who knows one knows where to look in all.
// Few rules, each with a reason; types and conversion are checked elsewhere (`typecheck.ts`, `convert.ts`).

import type { SourceCell } from "./percent.js";
import type { Problem } from "./problem.js";
import { buildExercise, hasSolution } from "./solution.js";

/** What the first cell tells before anything runs. */
const OPENING_FACTS = ["question", "minutes", "needs", "mode"];
/** The headings of a lesson, in the order in which they first appear. */
const SECTIONS = ["claim", "predict", "measure", "plot", "explain", "exercise"];

type Rule = (cells: readonly SourceCell[]) => Finding[];
type Finding = Omit<Problem, "notebook">;

const RULES: readonly Rule[] = [opening, sections, prediction, closing, exercises, loops];

/**
 * Judges the form of one notebook.
 *
 * @param notebook the source's file name
 * @param cells the source, parsed
 * @returns what is to be mended, in reading order; empty where all is well
 */
export function lintNotebook(notebook: string, cells: readonly SourceCell[]): Problem[] {
  return RULES.flatMap((rule) => rule(cells))
    .sort((a, b) => a.cell - b.cell || a.line - b.line)
    .map((finding) => ({ notebook, ...finding }));
}

/** A reader decides by the first cell whether to begin: what is asked, how long, what is needed, live or recorded. */
function opening(cells: readonly SourceCell[]): Finding[] {
  const first = cells[0];
  if (first?.kind !== "markdown" || !/^# \S/m.test(first.text)) {
    return [whole(1, "it is not markdown with a title -> begin with // %% [markdown] and // # Title")];
  }
  const missing = OPENING_FACTS.filter((fact) => !new RegExp(`\\b${fact}\\b\\W*[:|]`, "i").test(first.text));
  if (missing.length === 0) return [];
  return [
    whole(
      1,
      `it does not tell ${missing.join(", ")} -> add a line such as // **${capital(missing[0]!)}:** …`,
    ),
  ];
}

/** Claim, guess and result come before the explanation, or the guess is none. */
function sections(cells: readonly SourceCell[]): Finding[] {
  const found = SECTIONS.map((name) => ({ name, at: cells.findIndex((cell) => hasHeading(cell, name)) }));
  const missing = found.filter(({ at }) => at < 0);
  const present = found.filter(({ at }) => at >= 0);
  const early = present.filter(({ at }, index) => index > 0 && at < present[index - 1]!.at);
  return [
    ...missing.map(({ name }) =>
      whole(0, `it has no section "${name}" -> add a markdown cell with // ## ${capital(name)}`),
    ),
    ...early.map(({ name, at }) =>
      whole(at + 1, `the section "${name}" comes too early -> keep the order ${SECTIONS.join(", ")}`),
    ),
  ];
}

/** A measurement nobody has predicted teaches little. */
function prediction(cells: readonly SourceCell[]): Finding[] {
  if (cells.some(({ kind, text }) => kind === "code" && /\bpredict\(/.test(text))) return [];
  return [
    whole(0, 'it never asks for a guess -> write const guess = predict(80, "ns") in the section "predict"'),
  ];
}

/** What was made is removed, and the reader leaves with a sentence. */
function closing(cells: readonly SourceCell[]): Finding[] {
  const at = cells.findLastIndex(({ kind }) => kind === "markdown");
  const text = cells[at]?.text ?? "";
  const missing = [
    ...(/tear(ing)? (it |this |everything )?down/i.test(text) ? [] : ["tear down"]),
    ...(/believe/i.test(text) ? [] : ["what we now believe"]),
  ];
  return missing.length === 0
    ? []
    : [
        whole(
          at + 1,
          `the last markdown cell does not say ${missing.join(" and ")} -> end with // ## Tear down, and what we now believe`,
        ),
      ];
}

/** A check, a link and a hint find an exercise by its name, and a learner starts from a starter. */
function exercises(cells: readonly SourceCell[]): Finding[] {
  const findings = cells.flatMap((cell, index): Finding[] => {
    if (cell.kind !== "code" || !hasSolution(cell.text)) return [];
    try {
      const learner = buildExercise(cell.text, "learner");
      const stub = learner.find(({ text }) => text.trim() === "// YOUR CODE HERE");
      return [
        ...(cell.id === null ? [whole(index + 1, 'it has no name -> write // %% id="name" above it')] : []),
        ...(stub
          ? [
              at(
                index + 1,
                stub.from + 1,
                "its solution has no starter -> add // BEGIN STARTER … // END STARTER",
              ),
            ]
          : []),
      ];
    } catch (error) {
      return [whole(index + 1, (error as Error).message)];
    }
  });
  if (cells.some(({ kind, text }) => kind === "code" && hasSolution(text))) return findings;
  return [
    ...findings,
    whole(0, "it has no exercise -> mark what the learner writes with // BEGIN SOLUTION … // END SOLUTION"),
  ];
}

/** A loop at cell scope is some 300 times slower than in a function, and `measure` interleaves better than a loop can. */
function loops(cells: readonly SourceCell[]): Finding[] {
  return cells.flatMap((cell, index): Finding[] => {
    if (cell.kind !== "code") return [];
    const lines = cell.text.split("\n");
    return topLevelLoops(lines)
      .filter(({ first, last }) =>
        lines.slice(first, last + 1).some((line) => /\bmeasure\b|\bmeasure[A-Z]/.test(line)),
      )
      .map(({ first }) =>
        at(index + 1, first + 1, "a loop around a measurement -> hand the whole list to one measure call"),
      );
  });
}

/** Loops that begin in the first column; they reach to the line that closes them in the first column. */
function topLevelLoops(lines: readonly string[]): { readonly first: number; readonly last: number }[] {
  return lines.flatMap((line, first) => {
    if (!/^(for|while|do)\b/.test(line)) return [];
    if (!line.trimEnd().endsWith("{")) return [{ first, last: Math.min(first + 1, lines.length - 1) }];
    const end = lines.findIndex((other, index) => index > first && other.startsWith("}"));
    return [{ first, last: end < 0 ? lines.length - 1 : end }];
  });
}

function hasHeading({ kind, text }: SourceCell, word: string): boolean {
  return kind === "markdown" && new RegExp(`^#{2,4} .*\\b${word}`, "im").test(text);
}

function whole(cell: number, message: string): Finding {
  return { cell, line: 0, message };
}

function at(cell: number, line: number, message: string): Finding {
  return { cell, line, message };
}

function capital(word: string): string {
  return word[0]!.toUpperCase() + word.slice(1);
}
