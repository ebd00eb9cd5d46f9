// What a cell needs of the cells before it: imports, the declarations of the names it uses, what fills or changes those variables,
// and what all of these need in turn. Names are resolved by the compiler, as it would for one module.

import type {
  BindingName,
  Compiler,
  Identifier,
  Node,
  SourceFile,
  Statement,
  TypeChecker,
} from "./compiler.js";

/** What the compiler knows of the module. */
export interface Bound {
  readonly ts: Compiler;
  readonly file: SourceFile;
  readonly checker: TypeChecker;
}

/** Parses one module, nothing around it, so that names lead to their declarations. */
export function bind(ts: Compiler, text: string): Bound {
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
  return { ts, file, checker: ts.createProgram([name], options, host).getTypeChecker() };
}

/** A cell's place in the module. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Splits what a cell needs from what it is.
 *
 * @param cells places of all cells up to this one, which is the last
 * @param drop which of its own statements to leave out, with those that need them
 * @returns what it needs, cell by cell, since a cell may import or declare again what one before it did
 */
export function sliceCell(
  bound: Bound,
  cells: readonly Span[],
  drop: (statement: Statement) => boolean,
): { readonly before: readonly string[]; readonly own: string } {
  const { file } = bound;
  const inside = ({ start, end }: Span): Statement[] =>
    file.statements.filter((statement) => {
      const at = statement.getStart(file);
      return at >= start && at < end;
    });
  const parts = cells.map(inside);
  const own = parts.pop() ?? [];
  const earlier = parts.flat();
  const needed = neededBy(bound, own, earlier);
  const text = (statements: readonly Statement[]): string =>
    statements.map((statement) => statement.getText(file)).join("\n");
  return {
    before: parts
      .map((part) => text(part.filter((statement) => needed.has(statement))))
      .filter((part) => part !== ""),
    own: text(without(bound, own, drop)),
  };
}

/** Of earlier statements the imports, and what declares or changes a name that is used; then what those use in turn. */
function neededBy(bound: Bound, own: readonly Statement[], earlier: readonly Statement[]): Set<Statement> {
  const { ts } = bound;
  const needed = new Set<Statement>(earlier.filter(ts.isImportDeclaration));
  // Statements that change what is needed; of a function it is its calls that do.
  const changers = new Set<Statement>();
  const queue: Statement[] = [...own];
  const take = (statement: Statement): void => {
    if (needed.has(statement) || !earlier.includes(statement)) return;
    needed.add(statement);
    queue.push(statement);
  };
  for (const statement of queue) {
    for (const declarer of declarersOf(bound, statement)) take(declarer);
    for (const each of earlier) {
      if (!changes(bound, each, needed, changers)) continue;
      changers.add(each);
      take(each);
    }
  }
  return needed;
}

/** A cell's statements but those to drop, and but what uses names that these declare. */
function without(
  bound: Bound,
  own: readonly Statement[],
  drop: (statement: Statement) => boolean,
): Statement[] {
  const dropped = new Set<Statement>();
  for (const statement of own) {
    if (drop(statement) || declarersOf(bound, statement).some((each) => dropped.has(each)))
      dropped.add(statement);
  }
  return own.filter((statement) => !dropped.has(statement));
}

/**
 * Whether a statement assigns to a variable that one of `declarers` declares, to a part of it, calls a method of it, or calls a
 * function that one of `changers` is.
 */
function changes(
  bound: Bound,
  statement: Statement,
  declarers: ReadonlySet<Statement>,
  changers: ReadonlySet<Statement>,
): boolean {
  const { ts } = bound;
  if (ts.isImportDeclaration(statement)) return false;
  const isNeeded = (target: Node): boolean => {
    let root = target;
    while (ts.isPropertyAccessExpression(root) || ts.isElementAccessExpression(root)) root = root.expression;
    const declarer = ts.isIdentifier(root) ? declarerOf(bound, root) : undefined;
    return declarer !== undefined && ts.isVariableStatement(declarer) && declarers.has(declarer);
  };
  const isChange = (node: Node): boolean => {
    if (ts.isBinaryExpression(node) && isAssignment(ts, node.operatorToken.kind)) return isNeeded(node.left);
    if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node))
      return node.operator !== ts.SyntaxKind.ExclamationToken && isNeeded(node.operand);
    if (!ts.isCallExpression(node)) return false;
    if (!ts.isIdentifier(node.expression)) return isNeeded(node.expression);
    const called = declarerOf(bound, node.expression);
    return called !== undefined && called !== statement && changers.has(called);
  };
  const visit = (node: Node): boolean => isChange(node) || (ts.forEachChild(node, visit) ?? false);
  return visit(statement);
}

/** `=`, `+=` and their kin. */
function isAssignment({ SyntaxKind }: Compiler, kind: number): boolean {
  return kind >= SyntaxKind.FirstAssignment && kind <= SyntaxKind.LastAssignment;
}

/** The statements at the top of the module that declare what a node uses; of a name that two cells declare, the latest. */
function declarersOf(bound: Bound, node: Node): Statement[] {
  const { ts } = bound;
  const found: Statement[] = [];
  const visit = (child: Node): void => {
    if (ts.isIdentifier(child)) {
      const statement = declarerOf(bound, child);
      if (statement !== undefined) found.push(statement);
    }
    ts.forEachChild(child, visit);
  };
  visit(node);
  return found;
}

function declarerOf({ ts, file, checker }: Bound, name: Identifier): Statement | undefined {
  const symbol = ts.isShorthandPropertyAssignment(name.parent)
    ? checker.getShorthandAssignmentValueSymbol(name.parent)
    : checker.getSymbolAtLocation(name);
  const [declaration] = symbol?.declarations ?? [];
  if (declaration === undefined) return undefined;
  const statement = topOf(ts, declaration);
  // The compiler leads a name that two cells declare to the first of them; a notebook means the latest.
  const declares = (each: Statement): boolean =>
    each.pos <= name.pos && namesOf(ts, each).includes(name.text);
  const isAtTop = statement !== undefined && topNameOf(ts, declaration) === statement;
  return isAtTop ? (file.statements.findLast(declares) ?? statement) : statement;
}

/** The statement of the module that a node is in. */
function topOf(ts: Compiler, node: Node): Statement | undefined {
  let at: Node | undefined = node;
  while (at?.parent !== undefined && !ts.isSourceFile(at.parent)) at = at.parent;
  return at as Statement | undefined;
}

/** The statement whose own name a declaration is, whether alone or in a list or a pattern. */
function topNameOf(ts: Compiler, declaration: Node): Node {
  let at = declaration;
  while (
    ts.isBindingElement(at) ||
    ts.isObjectBindingPattern(at) ||
    ts.isArrayBindingPattern(at) ||
    ts.isVariableDeclaration(at) ||
    ts.isVariableDeclarationList(at)
  )
    at = at.parent;
  return at;
}

/** The names that a statement declares in its scope; an import's are left out, since imports are all taken along. */
function namesOf(ts: Compiler, statement: Statement): string[] {
  if (ts.isVariableStatement(statement)) {
    const ofBinding = (name: BindingName): string[] =>
      ts.isIdentifier(name)
        ? [name.text]
        : name.elements.flatMap((each) => (ts.isBindingElement(each) ? ofBinding(each.name) : []));
    return statement.declarationList.declarations.flatMap(({ name }) => ofBinding(name));
  }
  const { name } = statement as Statement & { readonly name?: Node };
  return name !== undefined && ts.isIdentifier(name) ? [name.text] : [];
}
