// Converts cells as the kernel would, without running them: for an author's check, and for CI.
// Reads notebooks from stdin as JSON (a list of lists of cells), and prints a JSON list of what is wrong with them.
// Imports are resolved from the current folder.
"use strict";
const { text } = require("node:stream/consumers");
const { authorColumn, mendSource } = require("./mend-source.cjs");
const { createConverter } = require("./tslab.cjs");

/** @param {string[][]} notebooks the code cells of each */
function convertAll(notebooks) {
  const converter = createConverter({ isJS: false, isBrowser: false });
  const problems = notebooks.flatMap((cells, notebook) => {
    let declarations = "";
    return cells.flatMap((source, cell) => {
      const mended = mendSource(source);
      const converted = converter.convert(declarations, mended.text);
      if (converted.diagnostics.length === 0) declarations = converted.declOutput ?? "";
      return converted.diagnostics.map(({ start, messageText }) => ({
        notebook,
        cell,
        line: start.line + 1,
        column: authorColumn(mended.edits, start.line, start.character) + 1,
        message: messageText,
      }));
    });
  });
  converter.close();
  return problems;
}

text(process.stdin).then((input) => process.stdout.write(JSON.stringify(convertAll(JSON.parse(input)))));
