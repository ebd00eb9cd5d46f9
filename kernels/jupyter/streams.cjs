// Everything a cell can print with, turned into messages of the cell that prints.
"use strict";
const { currentCell } = require("./cell.cjs");
const { displayHook } = require("./tslab.cjs");

/** Takes over stdout, stderr, `console.clear` and tslab's `display`. Before the first cell, stdout stays the process's. */
function installStreams() {
  capture(process.stdout, "stdout");
  capture(process.stderr, "stderr");
  console.clear = () => currentCell()?.publish("clear_output", { wait: false });
  displayHook.lastWriteDisplayData = (content, update) => {
    currentCell()?.publish(update ? "update_display_data" : "display_data", content);
  };
}

function capture(stream, name) {
  const write = stream.write.bind(stream);
  const decoder = new TextDecoder();
  stream.write = (chunk, encoding, callback) => {
    const cell = currentCell();
    if (cell === null) return write(chunk, encoding, callback);
    cell.stream(name, typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true }));
    const done = typeof encoding === "function" ? encoding : callback;
    if (done) process.nextTick(done);
    return true;
  };
}

module.exports = { installStreams };
