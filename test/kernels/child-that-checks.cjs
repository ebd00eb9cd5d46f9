// A notebook's kernel without Jupyter: runs cells that check answers, and prints as JSON what that did to its heap.
// Arguments: the kernel's folder; how many checks until the heap has grown as far as V8 lets it; how many more.
"use strict";
const { join } = require("node:path");
const { setTimeout: delay } = require("node:timers/promises");
const [kernel, before, more] = process.argv.slice(2);
const { Cell } = require(join(kernel, "cell.cjs"));
const { createInterpreter } = require(join(kernel, "interpreter.cjs"));

const ANSWERS = [
  ["20-one-skb-per-packet/the-buffer-that-never-dies", "(events: unknown) => []"],
  ["33-af-xdp/receive-loop", "(socket: unknown, handle: unknown) => 0"],
  ["31-rings-from-scratch/write-a-ring", "(size: number) => ({})"],
];
const SILENT = { stream() {}, publish() {} };
const interpreter = createInterpreter();
/** @type {WeakRef<Cell>[]} */
const cells = [];

async function check(n) {
  const [id, answer] = ANSWERS[n % ANSWERS.length];
  const code = `import { check } from "ringside";\n(await check("${id}", ${answer} as never)).passed;`;
  const cell = new Cell({ header: {}, content: { code } }, n, SILENT);
  cells.push(new WeakRef(cell));
  const { result, error } = await cell.run(() => interpreter.run(cell));
  if (result?.["text/plain"] !== "false") throw new Error(error?.evalue ?? "a wrong answer passed");
}

/** Bytes that are still needed. */
async function live() {
  await delay(20);
  global.gc();
  return process.memoryUsage().heapUsed;
}

async function main() {
  let widest = 0;
  for (let n = 1; n <= Number(before); n++) {
    await check(n);
    widest = Math.max(widest, process.memoryUsage().heapTotal);
  }
  const settled = await live();
  for (let n = 1; n <= Number(more); n++) await check(Number(before) + n);
  const kept = ((await live()) - settled) / Number(more);
  const cellsHeld = cells.filter((cell) => cell.deref() !== undefined).length;
  process.stdout.write(JSON.stringify({ widest, settled, kept, cellsHeld }), () => process.exit());
}

void main();
