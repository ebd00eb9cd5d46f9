// Runs cells with tslab's own converter and executor, mended on the way in (source) and on the way out (errors).
"use strict";
const { setImmediate: nextTurn } = require("node:timers/promises");
const { format, inspect } = require("node:util");
const { authorColumn, mendSource } = require("./mend-source.cjs");
const { nameCode, rememberCell } = require("./positions.cjs");
const { describeInterrupt, describeProblems, describeThrown } = require("./traceback.cjs");
const { createConverter, createExecutor, getCodeMetadata } = require("./tslab.cjs");

const BROKEN_BY_SIGINT = "ERR_SCRIPT_EXECUTION_INTERRUPTED";

function createInterpreter() {
  /** What the executor said about the running cell. */
  let heard = null;
  /** The running cell as tslab compiled it. */
  let converted = null;
  /** What the cells that ran well have declared. */
  let declarations = "";
  let converter = null;
  const stock = () => (converter ??= createConverter({ isJS: false, isBrowser: false }));

  const node = {
    convert: () => converted,
    addModule: (name, source, meta) => stock().addModule(name, source, meta),
    inspect: (_declarations, source, at) => stock().inspect(declarations, source, at),
    complete: (_declarations, source, at) => stock().complete(declarations, source, at),
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

  function convert(cell) {
    const { text, edits } = mendSource(cell.code);
    rememberCell(cell.name, cell.code, edits);
    const { output, ...rest } = stock().convert(declarations, text);
    heard.problems = rest.diagnostics.map((problem) => describe(problem, edits));
    return { ...rest, output: output && nameCode(cell.name, output) };
  }

  /**
   * @param {import("./cell.cjs").Cell} cell
   * @returns what the cell came to: `{ result }` (a MIME bundle or null) or `{ error }` (ename, evalue, traceback)
   */
  async function run(cell) {
    heard = { problems: [], thrown: null, result: null };
    try {
      converted = isModule(cell.code) ? null : convert(cell);
      // A SIGINT that came while the compiler was busy is delivered in this turn. Later it would be lost: to run a cell,
      // Node takes all listeners off and puts them back.
      await nextTurn();
      if (cell.stopped) return { error: describeInterrupt(cell.name) };
      const ok = await executor.execute(cell.code);
      if (ok && converted) declarations = converted.declOutput ?? "";
      if (ok) return { result: heard.result && (await mimeBundle(heard.result.value)) };
    } catch (failure) {
      heard.thrown = { value: failure };
    } finally {
      // tslab races every cell against one promise, and that keeps what each race came to until it is broken off.
      executor.interrupt();
    }
    if (heard.problems.length > 0) return { error: describeProblems(cell.name, heard.problems) };
    const thrown = heard.thrown?.value;
    if (thrown?.code === BROKEN_BY_SIGINT) cell.controller.abort();
    return { error: cell.stopped ? describeInterrupt(cell.name, ownWords(thrown)) : describeThrown(thrown) };
  }

  return { run, executor, warmUp: stock };
}

/** tslab keeps a cell that begins with a `@module` comment as a file to import; it compiles those by itself. */
function isModule(code) {
  const { module, mode } = getCodeMetadata(code);
  return module !== undefined || mode === "browser";
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
