// One execute_request: count, echo, run, publish the result or the error, and the reply's content.
"use strict";
const { Cell } = require("./cell.cjs");
const { helpPayload } = require("./introspect.cjs");

/**
 * @param {ReturnType<typeof import("./interpreter.cjs").createInterpreter>} interpreter
 * @param {ReturnType<typeof import("./outbox.cjs").createOutbox>} outbox
 * @param {ReturnType<typeof import("./history.cjs").createHistory>} history
 * @returns {(request: object) => Promise<object>} runs one request and gives the content of `execute_reply`
 */
function createExecution(interpreter, outbox, history) {
  let count = 0;

  return async function execute(request) {
    const { silent, store_history: store = true } = request.content;
    if (!silent && store) count++;
    const cell = new Cell(request, count, outbox);
    cell.publish("execute_input", { code: cell.code, execution_count: count });

    const payload = helpPayload(interpreter.executor, cell.code);
    if (payload) return okReply(count, payload);

    const { result, error } = await cell.run(() => interpreter.run(cell));
    outbox.flush();
    if (!silent && store) history.add({ count, code: cell.code, result: result?.["text/plain"] ?? null });
    if (error) {
      if (!cell.silent) outbox.publish("error", cell.parent, error);
      return { status: "error", execution_count: count, ...error };
    }
    if (result) cell.publish("execute_result", { execution_count: count, data: result, metadata: {} });
    return okReply(count, []);
  };
}

function okReply(count, payload) {
  return { status: "ok", execution_count: count, payload, user_expressions: {} };
}

module.exports = { createExecution };
