// Which text of a notebook answers an exercise: the cell that calls `check("<exercise>", answer)`, and of the cells before it
// the imports and the declarations that this cell needs, and theirs. So an answer can be judged without running the whole
// notebook, whose measurements take their time and whose networks need root. Names are resolved by the compiler, as it would
// for one module; what an earlier cell does to a variable after declaring it is not followed.

import {
  type Compiler,
  type Identifier,
  loadCompiler,
  type Node,
  type SourceFile,
  type Statement,
  type TypeChecker,
} from "./compiler.js";
import type { Notebook } from "./notebook.js";

/** What a notebook hands in for one exercise. */
export interface Answer {
  /** Id of the exercise, as the cell writes it. */
  readonly exercise: string;
  /** Of the check, counted from 1, markdown included. */
  readonly cell: number;
  /** Imports and declarations of earlier cells that the answer needs. */
  readonly before: string;
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
  const module = cells.map(({ text, parses }) => (parses ? text : text.replace(/[^\n]/g, " "))).join("\n");
  const { file, checker } = bind(ts, module);
  const starts = cells.map((_, i) => cells.slice(0, i).reduce((sum, { text }) => sum + text.length + 1, 0));
  const whole = new Map<string, Answer>();
  for (const { number, text, parses } of cells) {
    if (!parses) for (const answer of unparsedAnswers(number, text)) whole.set(answer.exercise, answer);
  }
  for (const call of findChecks(ts, file)) {
    const index = starts.findLastIndex((start) => start <= call.at);
    const span = { start: starts[index]!, end: starts[index]! + cells[index]!.text.length };
    const parts = slice(ts, file, checker, span);
    const { exercise, expression } = call;
    whole.set(exercise, { exercise, expression, cell: cells[index]!.number, ...parts });
  }
  return [...whole.values()].sort((a, b) => a.cell - b.cell);
}

function codeCells(ts: Compiler, notebook: Notebook): CodeCell[] {
  return notebook.cells.flatMap((cell, index) => {
    if (cell.cell_type !== "code") return [];
    const { diagnostics = [] } = ts.transpileModule(cell.source, { reportDiagnostics: true });
    return [{ number: index + 1, text: cell.source, parses: diagnostics.length === 0 }];
  });
}

/** A cell with a syntax error: what it wants to check is only to be read. */
function unparsedAnswers(cell: number, text: string): Answer[] {
  return [...text.matchAll(/\bcheck\(\s*["'`]([^"'`]+)["'`]/g)].map(([, exercise]) => {
    return { exercise: exercise!, cell, before: "", own: text, expression: null };
  });
}

/** Parses one module, nothing around it, so that names lead to their declarations. */
function bind(ts: Compiler, text: string): { file: SourceFile; checker: TypeChecker } {
  const name = "/notebook.ts";
  const options = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    noLib: true,
    noResolve: true,
  };
  const file = ts.createSourceFile(name, `${text}\nexport {};`, options.target, true);
  const host = {
    ...ts.createCompilerHost(options),
    getSourceFile: (asked: string) => (asked === name ? file : undefined),
  };
  return { file, checker: ts.createProgram([name], options, host).getTypeChecker() };
}

interface CheckCall {
  readonly exercise: string;
  readonly expression: string;
  readonly at: number;
}

function findChecks(ts: Compiler, file: SourceFile): CheckCall[] {
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

/** Splits what a cell needs from what it is. @param span of the cell in the module */
function slice(
  ts: Compiler,
  file: SourceFile,
  checker: TypeChecker,
  span: { readonly start: number; readonly end: number },
): Pick<Answer, "before" | "own"> {
  const at = (statement: Statement): number => statement.getStart(file);
  const earlier = file.statements.filter((statement) => at(statement) < span.start);
  const own = file.statements.filter((statement) => at(statement) >= span.start && at(statement) < span.end);
  const needed = new Set<Statement>(earlier.filter(ts.isImportDeclaration));
  const queue: Node[] = [...own];
  for (const node of queue) {
    for (const statement of declarersOf(ts, checker, node)) {
      if (at(statement) >= span.start || needed.has(statement)) continue;
      needed.add(statement);
      queue.push(statement);
    }
  }
  const text = (statements: readonly Statement[]): string =>
    statements.map((statement) => statement.getText(file)).join("\n");
  const checks = findChecks(ts, file).map((call) => call.at);
  const dropped = new Set<Statement>();
  for (const statement of own) {
    const holdsCheck = checks.some((position) => position >= at(statement) && position < statement.end);
    // What shows the report has nothing to show without the check.
    if (holdsCheck || declarersOf(ts, checker, statement).some((each) => dropped.has(each)))
      dropped.add(statement);
  }
  return {
    before: text(earlier.filter((statement) => needed.has(statement))),
    own: text(own.filter((statement) => !dropped.has(statement))),
  };
}

/** The statements at the top of the module that declare what a node uses; of a name that two cells declare, the latest. */
function declarersOf(ts: Compiler, checker: TypeChecker, node: Node): Statement[] {
  const found: Statement[] = [];
  const visit = (child: Node): void => {
    if (ts.isIdentifier(child)) {
      const statement = declarerOf(ts, checker, child);
      if (statement !== undefined) found.push(statement);
    }
    ts.forEachChild(child, visit);
  };
  visit(node);
  return found;
}

function declarerOf(ts: Compiler, checker: TypeChecker, name: Identifier): Statement | undefined {
  const symbol = ts.isShorthandPropertyAssignment(name.parent)
    ? checker.getShorthandAssignmentValueSymbol(name.parent)
    : checker.getSymbolAtLocation(name);
  const declaration =
    symbol?.declarations?.findLast((each) => each.pos <= name.pos) ?? symbol?.declarations?.[0];
  let node: Node | undefined = declaration;
  while (node !== undefined && node.parent !== undefined && !ts.isSourceFile(node.parent)) node = node.parent;
  return node as Statement | undefined;
}
