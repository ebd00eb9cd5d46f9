// The stop button. First the cell is asked: its AbortSignal fires, and library code that honours it stops its
// workers, removes what it made, and lets the cell end by itself. A cell that has not ended after a short grace is
// ended from outside. A synchronous loop is broken by V8 on the SIGINT itself (tslab runs cells that way).
//
// Cells and libraries reach the signal without naming this kernel:
//   globalThis[Symbol.for("ringside.interrupt")].signal
"use strict";
const { currentCell, runningCell } = require("./cell.cjs");

/** Long enough for a worker to be ended and a namespace to be removed, short enough to feel like "at once". */
const GRACE_MS = 200;

const never = new AbortController().signal;

function installInterruptSignal() {
  const access = {
    get signal() {
      return currentCell()?.controller.signal ?? never;
    },
  };
  Object.defineProperty(globalThis, Symbol.for("ringside.interrupt"), { value: access });
}

/** @param {{ interrupt(): void }} executor ends the wait for a running cell */
function interruptCell(executor) {
  const cell = runningCell();
  if (cell === null || cell.stopped) return;
  cell.controller.abort();
  setTimeout(() => {
    if (runningCell() === cell) executor.interrupt();
  }, GRACE_MS);
}

module.exports = { installInterruptSignal, interruptCell };
