// Where in its cell a position of the compiled code is. A cell's code runs under the name `In[7]`, so a stack
// names the cell a function was written in, whichever cell called it.
"use strict";
const { SourceMap } = require("node:module");
const { authorColumn } = require("./mend-source.cjs");

const MAP_COMMENT = /^\/\/# sourceMappingURL=data:application\/json;base64,(\S+)$/gm;
/** tslab puts `export {};` before every cell. */
const LINES_BEFORE_CELL = 1;

/** @type {Map<string, { source: string, edits: object[], lines: number, maps: string[] }>} */
const cells = new Map();

/**
 * Remembers what the author of a cell wrote and what was mended in it.
 *
 * @param {string} name `In[7]`
 */
function rememberCell(name, source, edits) {
  cells.set(name, { source, edits, lines: 0, maps: [] });
}

/**
 * Gives the code that tslab made of a cell the cell's name.
 *
 * @param {string} name `In[7]`, remembered before
 * @param {string} output tslab's code, with the source map of each of its two steps at the end
 * @returns {string} the code to run; its first line is empty so that tslab's wrapper shifts no column
 */
function nameCode(name, output) {
  const cell = cells.get(name);
  const code = output.replace(MAP_COMMENT, "").trimEnd();
  // Decoded here, since a piece of a string keeps the whole of it.
  cell.maps = [...output.matchAll(MAP_COMMENT)].map((match) => Buffer.from(match[1], "base64").toString());
  cell.lines = code.split("\n").length;
  return `\n${code}\n//# sourceURL=${name}`;
}

/**
 * @param {string} name script name in a stack
 * @param {number} line from 1, in the code that ran
 * @param {number} column from 1
 * @returns {{ line: number, column: number } | null} the author's line and column, from 1; null where the
 *   position is tslab's wrapper and not the author's
 */
function locate(name, line, column) {
  const cell = cells.get(name);
  if (!cell || line > cell.lines + 1) return null;
  cell.parsed ??= cell.maps.map((map) => new SourceMap(JSON.parse(map)));
  let at = { originalLine: line - 2, originalColumn: column - 1 };
  for (const map of [...cell.parsed].reverse()) {
    at = map.findEntry(at.originalLine, at.originalColumn);
    if (at.originalLine === undefined) return null;
  }
  const authorLine = at.originalLine - LINES_BEFORE_CELL;
  return { line: authorLine + 1, column: authorColumn(cell.edits, authorLine, at.originalColumn) + 1 };
}

/** @returns {string[] | null} the lines the author wrote, or null where no such cell ran */
function sourceLines(name) {
  return cells.get(name)?.source.split("\n") ?? null;
}

module.exports = { rememberCell, nameCode, locate, sourceLines };
