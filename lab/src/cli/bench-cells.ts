// What a reader waits for: the answer to a cell, and the first cell, which imports the library.

import type { JupyterServer, RunningKernel } from "../jupyter/index.js";
import { NOTEBOOKS, ROOT } from "./place.js";

const ROUND_TRIPS = 40;
const KERNELS = 5;
const CELL_BUDGET_MS = 10_000;
const IMPORT = 'import { wireTimeNs } from "ringside"; wireTimeNs(1518, 10);';
/** The lab's settings of a Jupyter server, without the lines that set TCP_NODELAY. */
const DELAYING = `${ROOT}kernels/jupyter/server_settings.py`;

/** Milliseconds, one figure a try. */
export interface CellTimes {
  /** From the request to the reply, through the server, for the cell `1`. */
  readonly roundTrip: readonly number[];
  /** The same in turns with it, through a server that does not set TCP_NODELAY. */
  readonly delayed: readonly number[];
  /** The same for a fresh kernel's cell that imports the library: compiling it against our declarations, and loading it. */
  readonly importing: readonly number[];
}

/** Measures all on servers of their own. */
export async function timeCells(): Promise<CellTimes> {
  const { startServer } = await import("../jupyter/index.js");
  const server = await startServer({ folder: NOTEBOOKS });
  try {
    const delaying = await startServer({ folder: NOTEBOOKS, config: DELAYING });
    try {
      return await timeInTurns(server, delaying);
    } finally {
      await delaying.stop();
    }
  } finally {
    await server.stop();
  }
}

async function timeInTurns(server: JupyterServer, delaying: JupyterServer): Promise<CellTimes> {
  const times: Record<keyof CellTimes, number[]> = { roundTrip: [], delayed: [], importing: [] };
  for (let i = 0; i < KERNELS; i++) {
    await withKernel(server, i, async (kernel) => {
      times.importing.push(await timeCell(kernel, IMPORT));
      await withKernel(delaying, i, async (other) => {
        for (let n = 0; n < ROUND_TRIPS / KERNELS; n++) {
          times.roundTrip.push(await timeCell(kernel, "1"));
          times.delayed.push(await timeCell(other, "1"));
        }
      });
    });
  }
  return times;
}

async function withKernel(
  server: JupyterServer,
  number: number,
  use: (kernel: RunningKernel) => Promise<void>,
): Promise<void> {
  const { startKernel } = await import("../jupyter/index.js");
  const kernel = await startKernel(server, `bench-${process.pid}-${number}.ipynb`);
  try {
    await timeCell(kernel, "1"); // the compiler warms up
    await use(kernel);
  } finally {
    await kernel.close();
  }
}

async function timeCell(kernel: RunningKernel, code: string): Promise<number> {
  const start = performance.now();
  const { status } = await kernel.execute(code, CELL_BUDGET_MS, () => {});
  if (status !== "ok")
    throw new Error(`Cannot time the cell ${code}: it ended with ${status} -> run it in a notebook`);
  return performance.now() - start;
}
