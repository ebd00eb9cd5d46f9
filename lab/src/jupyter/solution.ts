// An exercise is one code cell that holds both what the learner gets and what we would have written:
//
//   // BEGIN SOLUTION
//   const budgetNs = (1538 * 8) / 10;
//   // END SOLUTION
//   // BEGIN STARTER
//   // | const budgetNs = 0; // how long does a full frame take at 10 Gbit/s?
//   // END STARTER
//
// The markers are nbgrader's, so its tools work on the source. The solution is real code, type-checked where it stands. The
// starter is a comment whose lines begin with `// |`, so that both can name the same variable in one file.
//
// The learner's build drops the solution and uncomments the starter in its place; a solution without a starter leaves
// `// YOUR CODE HERE`. The instructor's build keeps the solution between its markers and drops the starter. The starter's
// block follows the solution's directly; a cell may hold several pairs.

/** For whom a notebook is built. */
export type Variant = "learner" | "instructor";

const BEGIN_SOLUTION = /^\s*\/\/ BEGIN SOLUTION$/;
const END_SOLUTION = /^\s*\/\/ END SOLUTION$/;
const BEGIN_STARTER = /^\s*\/\/ BEGIN STARTER$/;
const END_STARTER = /^\s*\/\/ END STARTER$/;
const STARTER_LINE = /^(\s*)\/\/ \|(?: (.*))?$/;
const NO_STARTER = "// YOUR CODE HERE";

/** A line of a built cell and the line of the source cell it comes from, both from 0. */
export interface BuiltLine {
  readonly text: string;
  readonly from: number;
}

/**
 * Builds an exercise cell for one kind of reader; a cell without markers stays as it is.
 *
 * @param text a code cell's source
 * @returns its lines in the build, each with where it comes from
 * @throws SyntaxError where a marker has no partner, a starter has no solution before it, or a starter's line lacks `// |`
 */
export function buildExercise(text: string, variant: Variant): BuiltLine[] {
  const lines = text.split("\n");
  const built: BuiltLine[] = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at]!;
    if (BEGIN_STARTER.test(line)) throw mistake(at, line, "no solution ends directly before it");
    if (END_SOLUTION.test(line) || END_STARTER.test(line))
      throw mistake(at, line, "nothing begins before it");
    if (!BEGIN_SOLUTION.test(line)) {
      built.push({ text: line, from: at++ });
      continue;
    }
    const solutionEnd = findEnd(lines, at, END_SOLUTION);
    const starterAt = solutionEnd + 1;
    const hasStarter = BEGIN_STARTER.test(lines[starterAt] ?? "");
    const starterEnd = hasStarter ? findEnd(lines, starterAt, END_STARTER) : solutionEnd;
    if (variant === "instructor") {
      for (let from = at; from <= solutionEnd; from++) built.push({ text: lines[from]!, from });
    } else if (hasStarter) {
      for (let from = starterAt + 1; from < starterEnd; from++) {
        built.push({ text: uncommentStarter(lines[from]!, from), from });
      }
    } else {
      built.push({ text: line.replace("// BEGIN SOLUTION", NO_STARTER), from: at });
    }
    at = starterEnd + 1;
  }
  return built;
}

/** Whether a cell's source holds a solution. */
export function hasSolution(text: string): boolean {
  return text.split("\n").some((line) => BEGIN_SOLUTION.test(line));
}

function findEnd(lines: readonly string[], begin: number, end: RegExp): number {
  const found = lines.findIndex((line, index) => index > begin && end.test(line));
  if (found < 0) throw mistake(begin, lines[begin]!, "nothing ends it");
  return found;
}

function uncommentStarter(line: string, at: number): string {
  const match = STARTER_LINE.exec(line);
  if (match === null) throw mistake(at, line, "a starter's line begins with // |");
  return match[2] === undefined ? "" : `${match[1]}${match[2]}`;
}

function mistake(at: number, line: string, cause: string): SyntaxError {
  return new SyntaxError(
    `Cannot build line ${at + 1} of the cell, "${line.trim()}": ${cause} -> write BEGIN SOLUTION, END SOLUTION, BEGIN STARTER, END STARTER in this order`,
  );
}
