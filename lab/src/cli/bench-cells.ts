// What a reader waits for: the answer to a cell, and the first cell, which imports the library.

import type { RunningKernel } from "../jupyter/index.js";
import { NOTEBOOKS } from "./place.js";

const ROUND_TRIPS = 40;
const KERNELS = 5;
const CELL_BUDGET_MS = 10_000;
const IMPORT = 'import { wireTimeNs } from "ringside"; wireTimeNs(1518, 10);';

/** Milliseconds, one figure a try. */
export interface CellTimes {
  /** From the request to the reply, through the server, for the cell `1`. */
  readonly roundTrip: readonly number[];
  /** The same for a fresh kernel's cell that imports the library: compiling it against our declarations, and loading it. */
  readonly importing: readonly number[];
}

/** Measures both on a server of their own. */
export async function timeCells(): Promise<CellTimes> {
  const { startKernel, startServer } = await import("../jupyter/index.js");
  const server = await startServer({ folder: NOTEBOOKS });
  try {
    const times: { roundTrip: number[]; importing: number[] } = { roundTrip: [], importing: [] };
    for (let i = 0; i < KERNELS; i++) {
      const kernel = await startKernel(server, `bench-${process.pid}-${i}.ipynb`);
      try {
        await timeCell(kernel, "1"); // the compiler warms up
        times.importing.push(await timeCell(kernel, IMPORT));
        for (let n = 0; n < ROUND_TRIPS / KERNELS; n++) times.roundTrip.push(await timeCell(kernel, "1"));
      } finally {
        await kernel.close();
      }
    }
    return times;
  } finally {
    await server.stop();
  }
}

async function timeCell(kernel: RunningKernel, code: string): Promise<number> {
  const start = performance.now();
  const { status } = await kernel.execute(code, CELL_BUDGET_MS, () => {});
  if (status !== "ok")
    throw new Error(`Cannot time the cell ${code}: it ended with ${status} -> run it in a notebook`);
  return performance.now() - start;
}
