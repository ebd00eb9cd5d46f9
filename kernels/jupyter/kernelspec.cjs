// Writes the kernelspec: how Jupyter starts our kernel. It holds absolute paths, so it is generated
// (`node kernels/jupyter/kernelspec.cjs` prints the folder to put into JUPYTER_PATH) and never installed for the user.
"use strict";
const { existsSync, mkdirSync, readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

const KERNEL_NAME = "ringside";
const DISPLAY_NAME = "Ringside (TypeScript)";

/**
 * Thirty frames instead of ten: an error deep in a library still shows the line of the cell that called it. (A larger
 * young generation was tried too: with `--max-semi-space-size=32` collections were a third fewer, but their time and the
 * longest pause no shorter in twelve interleaved pairs, for 20 MB more memory.)
 *
 * The heap may grow to 1.5 times what is needed before V8 collects, instead of four times: README.md, "Memory".
 * @source V8, src/heap/heap-controller.cc, MemoryController::GrowingFactor
 */
const V8_FLAGS = ["--stack-trace-limit=30", "--heap-growing-percent=50"];

/** `ringside` is loaded from one file instead of hundreds (lab/bundle.config.mjs says why). */
const NODE_FLAGS = ["--conditions=ringside-kernel"];

/**
 * In a workshop, whose folder RINGSIDE_ROOM names, each learner's kernel has a view of its own.
 *
 * @returns {string} the folder to name in JUPYTER_PATH
 */
function writeKernelspec() {
  const inRoom = (process.env.RINGSIDE_ROOM ?? "") !== "";
  const jupyterPath = join(__dirname, inRoom ? "build/room" : "build");
  const folder = join(jupyterPath, "kernels", KERNEL_NAME);
  const launcher = join(__dirname, "launch.cjs");
  const view = inRoom ? ["/bin/sh", join(__dirname, "own-view.sh")] : [];
  const spec = {
    argv: [
      ...view,
      process.execPath,
      ...V8_FLAGS,
      ...NODE_FLAGS,
      launcher,
      "--connection-file",
      "{connection_file}",
    ],
    display_name: DISPLAY_NAME,
    language: "typescript",
    interrupt_mode: "signal",
  };
  const file = join(folder, "kernel.json");
  const text = `${JSON.stringify(spec, null, 2)}\n`;
  // Written only when it changes: in a clone that root set up, others can still run what needs no root.
  if (existsSync(file) && readFileSync(file, "utf8") === text) return jupyterPath;
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, text);
  return jupyterPath;
}

if (require.main === module) console.log(writeKernelspec());

module.exports = { KERNEL_NAME, DISPLAY_NAME, writeKernelspec };
