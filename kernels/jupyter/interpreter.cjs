// Runs cells with tslab's own converter and executor, mended on the way in (source) and on the way out (errors).
"use strict";
const { format, inspect } = require("node:util");
const { runningCell } = require("./cell.cjs");
const { authorColumn, mendSource } = require("./mend-source.cjs");
const { nameCode, rememberCell } = require("./positions.cjs");
const { describeInterrupt, describeProblems, describeThrown } = require("./traceback.cjs");
const { createConverter, createExecutor } = require("./tslab.cjs");

const BROKEN_BY_SIGINT = "ERR_SCRIPT_EXECUTION_INTERRUPTED";

function createInterpreter() {
  /** What the executor said about the running cell. */
  let heard = null;
  let converter = null;
  const stock = () => (converter ??= createConverter({ isJS: false, isBrowser: false }));

  const node = {
    convert(declarations, source) {
      const cell = runningCell();
      const { text, edits } = mendSource(source);
      rememberCell(cell.name, source, edits);
      const converted = stock().convert(declarations, text);
      heard.problems = converted.diagnostics.map((problem) => describe(problem, edits));
      return { ...converted, output: converted.output && nameCode(cell.name, converted.output) };
    },
    addModule: (name, source, meta) => stock().addModule(name, source, meta),
    inspect: (declarations, source, at) => stock().inspect(declarations, source, at),
    complete: (declarations, source, at) => stock().complete(declarations, source, at),
  };
  const executor = createExecutor(
    process.cwd(),
    { node, browser: node, close: () => converter?.close() },
    {
      log: (value) => {
        heard.result = { value };
      },
      // One argument is what the cell threw; several are a line of the type check, which `convert` told us better.
      error: (...said) => {
        if (said.length === 1) heard.thrown = { value: said[0] };
        else if (heard.problems.length === 0) process.stderr.write(`${format(...said)}\n`);
      },
    },
  );

  /**
   * @param {import("./cell.cjs").Cell} cell
   * @returns what the cell came to: `{ result }` (a MIME bundle or null) or `{ error }` (ename, evalue, traceback)
   */
  async function run(cell) {
    heard = { problems: [], thrown: null, result: null };
    try {
      const ok = await executor.execute(cell.code);
      if (ok) return { result: heard.result && (await mimeBundle(heard.result.value)) };
    } catch (failure) {
      heard.thrown = { value: failure };
    }
    if (heard.problems.length > 0) return { error: describeProblems(cell.name, heard.problems) };
    const thrown = heard.thrown?.value;
    if (thrown?.code === BROKEN_BY_SIGINT) cell.controller.abort();
    return { error: cell.stopped ? describeInterrupt(cell.name, ownWords(thrown)) : describeThrown(thrown) };
  }

  return { run, executor, warmUp: stock };
}

/** What a stopped cell itself said; V8 and tslab only say that it was stopped. */
function ownWords(thrown) {
  const theirs = thrown?.code === BROKEN_BY_SIGINT || thrown?.message === "Interrupted asynchronously";
  return theirs ? undefined : thrown;
}

function describe({ start, messageText, fileName }, edits) {
  const column = fileName ? start.character : authorColumn(edits, start.line, start.character);
  const message = fileName ? `(${fileName}) ${messageText}` : messageText;
  return { line: start.line + 1, column: column + 1, message };
}

/** A value shows itself through `[Symbol.for("Jupyter.display")]()`, which returns text and pictures by MIME type. */
async function mimeBundle(value) {
  const show = value?.[Symbol.for("Jupyter.display")];
  if (typeof show === "function") return await show.call(value);
  return { "text/plain": typeof value === "string" ? value : inspect(value) };
}

module.exports = { createInterpreter };
