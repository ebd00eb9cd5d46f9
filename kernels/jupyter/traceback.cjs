// What a learner reads when a cell fails: the error, the line of his cell, and the calls that led there,
// without the frames of tslab, of this launcher and of Node's own machinery. An error that says what to do next is its
// own explanation: it ends the output, without the calls that led there.
"use strict";
const { inspect } = require("node:util");
const { locate, sourceLines } = require("./positions.cjs");

const CELL_FRAME = /(In\[\d+\]):(\d+):(\d+)/;
const EXCERPT_LINES_BEFORE = 2;
/** The lab's own form for what a person has to do: `Cannot <action>: <cause> -> <next step>`. */
const SAYS_WHAT_TO_DO = /^Cannot .+ -> ./s;

/** Makes every stack in this process speak of cells: `at parse (In[3]:7:11)`. */
function installStackTraces() {
  Error.prepareStackTrace = (error, sites) => [headline(error), ...frames(sites)].join("\n    at ");
}

function headline(error) {
  try {
    return String(error);
  } catch {
    return "Error";
  }
}

function frames(sites) {
  const texts = [];
  let end = sites.length;
  sites.forEach((site, index) => {
    const text = frame(site);
    texts.push(text);
    // Below the outermost frame of a cell there is only the machinery that started it.
    if (text !== null && CELL_FRAME.test(text)) end = index + 1;
  });
  return texts.slice(0, end).filter((text) => text !== null && !text.includes("node:internal/"));
}

function frame(site) {
  const name = site.getScriptNameOrSourceURL();
  if (!/^In\[\d+\]$/.test(name ?? "")) return String(site);
  const at = locate(name, site.getLineNumber(), site.getColumnNumber());
  if (at === null) return null;
  const where = `${name}:${at.line}:${at.column}`;
  const caller = site.getFunctionName() ?? site.getMethodName();
  const prefix = site.isAsync() ? "async " : site.isConstructor() ? "new " : "";
  return caller ? `${prefix}${caller} (${where})` : `${prefix}${where}`;
}

/**
 * @param {unknown} thrown whatever the cell threw
 * @returns {{ ename: string, evalue: string, traceback: string[] }} content of a Jupyter `error` message
 */
function describeThrown(thrown) {
  if (!(thrown instanceof Error)) {
    const text = inspect(thrown);
    return { ename: "Thrown", evalue: text, traceback: [`Thrown: ${text}`] };
  }
  const stack = withoutArrow(inspect(thrown), headline(thrown));
  const place = CELL_FRAME.exec(stack);
  const excerptLines = place ? excerpt(place[1], Number(place[2])) : [];
  const told = SAYS_WHAT_TO_DO.test(thrown.message) ? headline(thrown) : stack;
  return {
    ename: thrown.name,
    evalue: thrown.message,
    traceback: [...excerptLines, ...told.split("\n")],
  };
}

/** Node puts a picture of the compiled line before the stack; the excerpt shows the author's line instead. */
function withoutArrow(stack, head) {
  const at = stack.indexOf(head);
  return at > 0 && CELL_FRAME.test(stack.slice(at)) ? stack.slice(at) : stack;
}

/**
 * @param {string} cell `In[7]`
 * @param {{ line: number, column: number, message: string }[]} problems of the type check, positions from 1
 */
function describeProblems(cell, problems) {
  const told = problems.map(({ line, column, message }) => `${cell}:${line}:${column} ${message}`);
  const traceback = problems.flatMap(({ line }, index) => [...excerpt(cell, line), told[index]]);
  return { ename: "TypeScriptError", evalue: told.join("\n"), traceback };
}

/** The content for a cell that the stop button ended; `reason` is what the cell itself said, if anything. */
function describeInterrupt(cell, reason) {
  const said = reason instanceof Error && reason.name !== "AbortError" ? ` (${reason.message})` : "";
  const evalue = `${cell} was stopped${said}`;
  return { ename: "KeyboardInterrupt", evalue, traceback: [`KeyboardInterrupt: ${evalue}`] };
}

function excerpt(cell, line) {
  const lines = sourceLines(cell);
  if (!lines || line < 1 || line > lines.length) return [];
  const first = Math.max(1, line - EXCERPT_LINES_BEFORE);
  const width = String(line).length;
  const shown = lines.slice(first - 1, line).map((text, index) => {
    const number = first + index;
    return `${number === line ? "-->" : "   "} ${String(number).padStart(width)} | ${text}`;
  });
  return [`${cell}, line ${line}`, ...shown, ""];
}

module.exports = { installStackTraces, describeThrown, describeProblems, describeInterrupt };
