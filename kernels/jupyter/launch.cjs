// Ringside's notebook kernel: stock tslab's converter and executor, with its known bugs mended around them.
// Started by Jupyter as `node launch.cjs --connection-file <file>`; see README.md for what is mended and where.
"use strict";
const { readFileSync } = require("node:fs");
const { setTimeout: delay } = require("node:timers/promises");
const { runningCell } = require("./cell.cjs");
const { createExecution } = require("./execution.cjs");
const { createHistory } = require("./history.cjs");
const { createInterpreter } = require("./interpreter.cjs");
const { installInterruptSignal, interruptCell } = require("./interrupt.cjs");
const { complete, inspectCode, isComplete } = require("./introspect.cjs");
const { createOutbox } = require("./outbox.cjs");
const { Server } = require("./server.cjs");
const { installStreams } = require("./streams.cjs");
const { installStackTraces } = require("./traceback.cjs");
const { ts, version, zeromq } = require("./tslab.cjs");
const { PROTOCOL_VERSION } = require("./wire.cjs");

/** How long a running cell may take to clean up when its kernel is shut down. */
const SHUTDOWN_GRACE_MS = 1000;
const PARENT_CHECK_MS = 1000;

const KERNEL_INFO = {
  status: "ok",
  protocol_version: PROTOCOL_VERSION,
  implementation: "ringside-tslab",
  implementation_version: version,
  language_info: {
    name: "typescript",
    version: ts.version,
    mimetype: "text/typescript",
    file_extension: ".ts",
    pygments_lexer: "typescript",
    // `mode` is for JupyterLab, `name` and `typescript` for the classic Notebook's editor.
    codemirror_mode: { mode: "typescript", name: "javascript", typescript: true },
  },
  banner: `Ringside: TypeScript ${ts.version} by tslab ${version} on Node.js ${process.version}`,
  help_links: [],
};

function start(connectionFile) {
  const server = new Server(JSON.parse(readFileSync(connectionFile, "utf8")), zeromq);
  const outbox = createOutbox((type, parent, content) => server.publish(type, parent, content));
  const interpreter = createInterpreter();
  const { executor } = interpreter;
  const history = createHistory();

  const handlers = {
    kernel_info_request: () => KERNEL_INFO,
    execute_request: createExecution(interpreter, outbox, history),
    is_complete_request: ({ content }) => isComplete(content),
    complete_request: ({ content }) => complete(executor, content),
    inspect_request: ({ content }) => inspectCode(executor, content),
    history_request: ({ content }) => history.answer(content),
    comm_info_request: () => ({ status: "ok", comms: {} }),
    interrupt_request: () => {
      interrupt();
      return { status: "ok" };
    },
    shutdown_request: ({ content }) => {
      void shutDown();
      return { status: "ok", restart: content.restart === true };
    },
  };

  // "Run all", then stop: the cells that wait are not to follow, however the running one ends.
  function interrupt() {
    server.abortWaiting();
    interruptCell(executor);
  }

  // Ends through `process.exit`, so that whatever a cell made and promised to remove on exit is removed.
  async function shutDown() {
    interruptCell(executor);
    const deadline = performance.now() + SHUTDOWN_GRACE_MS;
    while (runningCell() !== null && performance.now() < deadline) await delay(10);
    await delay(10);
    server.close();
    process.exit(0);
  }

  installStackTraces();
  installInterruptSignal();
  installStreams();
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", shutDown);
  process.on("uncaughtException", (error) => console.error("Nobody caught this error:", error));
  process.on("unhandledRejection", (reason) =>
    console.error("Nobody awaited the promise that failed:", reason),
  );
  endWithParent();
  server.listen({ handlers, flush: outbox.flush }).catch((error) => {
    // Jupyter looks for free ports and lets go of them before it starts us. Should another have one by now, it is Jupyter
    // who must choose again, and it does so for a kernel that ended early; one that lives on unheard is waited for.
    console.error(
      `Cannot listen for Jupyter: ${error.message} -> wait: Jupyter tries again with other ports`,
    );
    process.exit(1);
  });
  // The compiler takes its time to load; answer who we are first.
  setTimeout(interpreter.warmUp, 50);
}

/** A Jupyter server that was killed cannot shut its kernels down, so each kernel watches for that. */
function endWithParent() {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.exit(1);
  }, PARENT_CHECK_MS).unref();
}

start(process.argv[process.argv.indexOf("--connection-file") + 1]);
