// What somebody plays who goes back and mends the answers: each exercise's cell once more, now with the solution, and every other
// cell that reads what it declares. All of it comes behind the learner's whole notebook, in the same kernel.
import { hasSolution, type Notebook, type NotebookCell } from "ringside/jupyter";
import ts from "typescript";

const AGAIN = "-again";

/**
 * A learner's notebook, and behind its last cell what the solutions change.
 *
 * @param learner the notebook as a learner gets it
 * @param instructor the same notebook with its solutions
 */
export function solvedBehind(learner: Notebook, instructor: Notebook): Notebook {
  const again = changedBySolutions(instructor).map((cell) => ({ ...cell, id: `${cell.id}${AGAIN}` }));
  return { ...learner, cells: [...learner.cells, ...again] };
}

/** Whether a cell was put behind the learner's notebook. */
export function isPlayedAgain({ id }: { readonly id: string }): boolean {
  return id.endsWith(AGAIN);
}

/** The cells with a solution, and those after them that read what one of these declares, directly or by way of another. */
export function changedBySolutions({ cells }: Notebook): NotebookCell[] {
  const changed = new Set<string>();
  return cells.filter(({ cell_type, source }) => {
    if (cell_type !== "code") return false;
    const file = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.ES2022, true);
    if (!hasSolution(source) && !mentions(file, changed)) return false;
    for (const name of declaredBy(file)) changed.add(name);
    return true;
  });
}

/** Whether one of the names stands anywhere in a cell, be it as another's property: rather a cell too many than one too few. */
function mentions(node: ts.Node, names: ReadonlySet<string>): boolean {
  if (ts.isIdentifier(node) && names.has(node.text)) return true;
  return ts.forEachChild(node, (child) => mentions(child, names)) ?? false;
}

/** The names that a cell leaves to those after it. */
function declaredBy(file: ts.SourceFile): string[] {
  return file.statements.flatMap((statement) => {
    if (ts.isVariableStatement(statement))
      return statement.declarationList.declarations.flatMap(({ name }) => namesIn(name));
    const { name } = statement as ts.Statement & { readonly name?: ts.Node };
    return name !== undefined && ts.isIdentifier(name) ? [name.text] : [];
  });
}

function namesIn(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((each) => (ts.isBindingElement(each) ? namesIn(each.name) : []));
}
