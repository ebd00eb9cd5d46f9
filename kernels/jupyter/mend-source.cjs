// Stock tslab rewrites each name of an earlier cell to `exports.name`, in three places where that is not
// TypeScript any more. The cure is to write the same program so that the rewrite is harmless:
//
//   { v }                   -> { v: v }              a shorthand has no room for `exports.v`
//   const { a: b } = point  -> const { "a": b } = …  tslab takes the property `a` for a variable
//   for await, await (f())  -> await undefined; …    tslab does not see that the cell is asynchronous
//
// Every edit stays on its line and is remembered, so that an error still names the column the author sees.
"use strict";
const { ts } = require("./tslab.cjs");

/**
 * @param {string} source a cell
 * @returns {{ text: string, edits: { line: number, column: number, remove: number, insert: string }[] }} the mended
 *   cell, and the edits in source order (line and column from 0)
 */
function mendSource(source) {
  // With an export at its end the text is a module, and a top-level `await (f())` is not a call of `await`.
  const module = `${source}\nexport {};`;
  const file = ts.createSourceFile("cell.ts", module, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS);
  const edits = [...renames(file), ...topLevelAwait(file)].sort((a, b) => a.at - b.at);
  let text = "";
  let from = 0;
  for (const { at, remove, insert } of edits) {
    text += source.slice(from, at) + insert;
    from = at + remove;
  }
  text += source.slice(from);
  return { text, edits: edits.map((edit) => ({ ...edit, ...lineAndColumn(file, edit.at) })) };
}

function lineAndColumn(file, at) {
  const { line, character } = file.getLineAndCharacterOfPosition(at);
  return { line, column: character };
}

function renames(file) {
  const edits = [];
  const quote = (name) => {
    if (ts.isIdentifier(name)) {
      const at = name.getStart(file);
      edits.push({ at, remove: name.end - at, insert: JSON.stringify(name.text) });
    }
  };
  (function walk(node) {
    if (ts.isShorthandPropertyAssignment(node)) {
      edits.push({ at: node.name.getStart(file), remove: 0, insert: `${node.name.text}: ` });
    }
    if (ts.isBindingElement(node) && node.propertyName) quote(node.propertyName);
    if (ts.isPropertyAssignment(node) && isAssignmentTarget(node.parent)) quote(node.name);
    ts.forEachChild(node, walk);
  })(file);
  return edits;
}

/** Whether an object literal is a destructuring pattern: `({ a: b } = point)`, also nested or in `for … of`. */
function isAssignmentTarget(literal) {
  let node = literal;
  for (;;) {
    const parent = node.parent;
    if (ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
      if (parent.left === node) return true;
      return false;
    }
    if (ts.isForOfStatement(parent) || ts.isForInStatement(parent)) return parent.initializer === node;
    const nested =
      ts.isPropertyAssignment(parent) || ts.isSpreadElement(parent) || ts.isSpreadAssignment(parent);
    const holder = ts.isObjectLiteralExpression(parent) || ts.isArrayLiteralExpression(parent);
    if (!nested && !holder && !ts.isParenthesizedExpression(parent)) return false;
    node = parent;
  }
}

/** One plain `await` where the first statement with an `await` or `for await` of its own begins. */
function topLevelAwait(file) {
  const first = file.statements.find(awaits);
  return first ? [{ at: first.getStart(file), remove: 0, insert: "await undefined; " }] : [];
}

function awaits(node) {
  if (ts.isFunctionLike(node) || ts.isClassLike(node)) return false;
  if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier)) return true;
  return ts.forEachChild(node, awaits) ?? false;
}

/**
 * The column the author sees for a column of the mended cell.
 *
 * @param {ReturnType<typeof mendSource>["edits"]} edits
 * @param {number} line from 0
 * @param {number} column from 0, in the mended text
 * @returns {number} column from 0, in the author's text
 */
function authorColumn(edits, line, column) {
  let shift = 0;
  for (const edit of edits) {
    if (edit.line !== line) continue;
    const start = edit.column + shift;
    if (column < start) break;
    if (column < start + edit.insert.length) return edit.column;
    shift += edit.insert.length - edit.remove;
  }
  return column - shift;
}

module.exports = { mendSource, authorColumn };
