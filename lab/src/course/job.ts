// One run of one cell, on its way from the queue to its end: begun on the kernel, or where it was begun over a connection that is
// gone, or by a server that was killed, followed.

import type { Executed, OutputCollector, OutputMessage, SharedKernel } from "../jupyter/index.js";
import { collectWithinLimits } from "./output-view.js";
import type { RunState } from "./protocol.js";
import type { Sheet } from "./sheet.js";

/** A cell in the queue. */
export interface Job {
  readonly id: string;
  /** The name by which the kernel knows the run. */
  readonly run: string;
  /** Whether the kernel may know it already: a killed server began it, or we did before the connection was lost. */
  readonly isBegun: boolean;
}

/**
 * Runs a job to its end; what it puts out is in the sheet.
 *
 * @param onOutputs called when that has changed
 * @returns how it ended: `lost` where the kernel knows nothing of a run that was begun
 * @throws Error where the kernel dies meanwhile; ConnectionLostError where it may go on with the run
 */
export function runJob(
  kernel: SharedKernel,
  sheet: Sheet,
  job: Job,
  onOutputs: () => void,
): Promise<RunState> {
  const show: Show = ({ outputs }) => {
    sheet.setOutputs(job.id, outputs);
    onOutputs();
  };
  return job.isBegun ? follow(kernel, job, show) : begin(kernel, sheet, job, show);
}

type Show = (collector: OutputCollector) => void;

async function begin(kernel: SharedKernel, sheet: Sheet, { id, run }: Job, show: Show): Promise<RunState> {
  const started = performance.now();
  const collector = collectWithinLimits();
  const executed = await kernel.run(run, sheet.source(id), (message) => {
    if (collector.accept(message)) show(collector);
  });
  return stateOf(executed, performance.now() - started);
}

async function follow(kernel: SharedKernel, { run }: Job, show: Show): Promise<RunState> {
  const followed = await kernel.follow(run, (messages: readonly OutputMessage[]) => {
    const collector = collectWithinLimits();
    for (const message of messages) collector.accept(message);
    show(collector);
  });
  return followed === null ? { state: "lost", count: null, ms: null } : stateOf(followed, followed.ms);
}

function stateOf({ status, executionCount: count }: Executed, ms: number): RunState {
  return { state: status === "ok" || status === "error" ? status : "stopped", count, ms };
}
