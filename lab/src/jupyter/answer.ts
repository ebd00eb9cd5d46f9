// Which text of a notebook answers an exercise: the cell that calls `check("<exercise>", answer)`, and of the cells before it
// what this one needs (`slice.ts`). So an answer can be judged without running the whole notebook, whose measurements take their
// time and whose networks need root.

import { type Compiler, loadCompiler, type Node } from "./compiler.js";
import type { Notebook } from "./notebook.js";
import { type Bound, bind, type Span, sliceCell } from "./slice.js";

/** What a notebook hands in for one exercise. */
export interface Answer {
  /** Id of the exercise, as the cell writes it. */
  readonly exercise: string;
  /** Of the check, counted from 1, markdown included. */
  readonly cell: number;
  /** Imports and declarations of earlier cells that the answer needs, one text for each of these cells. */
  readonly before: readonly string[];
  /** The exercise's own cell without its check. */
  readonly own: string;
  /** The expression that is handed in, e.g. `receive`; null where the cell cannot be parsed, and only running it says why. */
  readonly expression: string | null;
}

interface CodeCell {
  readonly number: number;
  readonly text: string;
  readonly parses: boolean;
}

/**
 * Finds the answers in a notebook.
 *
 * @returns one for each exercise that a cell checks, in the notebook's order; of several checks of one exercise the last
 */
export async function findAnswers(notebook: Notebook): Promise<Answer[]> {
  const ts = await loadCompiler();
  const cells = codeCells(ts, notebook);
  const answers = cells.filter(({ parses }) => !parses).flatMap(unparsedAnswers);
  // What cannot be parsed leaves its place empty, so that it spoils no other cell.
  const texts = cells.map(({ text, parses }) => (parses ? text : ""));
  const bound = bind(ts, texts.join("\n"));
  const spans: Span[] = [];
  for (const [index, text] of texts.entries()) {
    const start = index === 0 ? 0 : spans[index - 1]!.end + 1;
    const span = { start, end: start + text.length };
    spans.push(span);
    const checks = findChecks(bound).filter(({ at }) => at >= span.start && at < span.end);
    if (checks.length === 0) continue;
    const isCheck = ({ pos, end }: Node): boolean => checks.some(({ at }) => at >= pos && at < end);
    const parts = sliceCell(bound, spans, isCheck);
    for (const { exercise, expression } of checks)
      answers.push({ exercise, expression, cell: cells[index]!.number, ...parts });
  }
  const latest = new Map(answers.sort((a, b) => a.cell - b.cell).map((each) => [each.exercise, each]));
  return [...latest.values()];
}

function codeCells(ts: Compiler, notebook: Notebook): CodeCell[] {
  return notebook.cells.flatMap((cell, index) => {
    if (cell.cell_type !== "code") return [];
    const { diagnostics = [] } = ts.transpileModule(cell.source, { reportDiagnostics: true });
    return [{ number: index + 1, text: cell.source, parses: diagnostics.length === 0 }];
  });
}

/** A cell with a syntax error: what it wants to check is only to be read. */
function unparsedAnswers({ number: cell, text }: CodeCell): Answer[] {
  return [...text.matchAll(/\bcheck\(\s*["'`]([^"'`]+)["'`]/g)].map(([, exercise]) => {
    return { exercise: exercise!, cell, before: [], own: text, expression: null };
  });
}

interface CheckCall {
  readonly exercise: string;
  readonly expression: string;
  readonly at: number;
}

function findChecks({ ts, file }: Bound): CheckCall[] {
  const found: CheckCall[] = [];
  const visit = (node: Node): void => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === "check") {
      const [id, answer] = node.arguments;
      if (id !== undefined && ts.isStringLiteralLike(id) && answer !== undefined)
        found.push({ exercise: id.text, expression: answer.getText(file), at: node.getStart(file) });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}
