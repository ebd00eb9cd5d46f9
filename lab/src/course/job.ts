// One run of one cell, on its way from the queue to its end: begun on the kernel, or where it was begun over a connection that is
// gone, or by a server that was killed, followed. A request may be lost with its connection; it is sent again to the process
// that it was meant for and to no other, and the kernel takes a run of the same name once.

import {
  ConnectionLostError,
  type Executed,
  type OutputCollector,
  type OutputMessage,
  type SharedKernel,
} from "../jupyter/index.js";
import type { HeldKernel } from "./held-kernel.js";
import { collectWithinLimits } from "./output-view.js";
import type { RunState } from "./protocol.js";
import type { Sheet } from "./sheet.js";

/** A cell in the queue. */
export interface Job {
  readonly id: string;
  /** The name by which the kernel knows the run. */
  readonly run: string;
  /** Whether a kernel may know it already: a killed server began it, or we did before the connection was lost. */
  isBegun: boolean;
  /** What we sent, and the name of the process that it was meant for; null where it was not we who began it. */
  sent: { readonly code: string; readonly process: string } | null;
}

/** How often the connection may be lost during one run. */
const MOST_LOSSES = 20;

/**
 * Runs a job to its end, over as many connections as that takes; what it puts out is in the sheet.
 *
 * @param onOutputs called when that has changed
 * @returns how it ended: `lost` where the kernel knows nothing of a run that was begun
 * @throws Error where the run's kernel is gone, or too often out of reach
 */
export async function runToTheEnd(
  held: HeldKernel,
  sheet: Sheet,
  job: Job,
  onOutputs: () => void,
): Promise<RunState> {
  const show: Show = ({ outputs }) => {
    sheet.setOutputs(job.id, outputs);
    onOutputs();
  };
  for (let losses = 0; ; ) {
    const kernel = await held.fetch(job.isBegun);
    held.say("busy", job.isBegun ? held.view.message : "");
    try {
      return job.isBegun ? await follow(kernel, job, show) : await begin(kernel, sheet, job, show);
    } catch (error) {
      // Where we let go of the kernel ourselves there is none to be joined again.
      const isOver = !(error instanceof ConnectionLostError) || !held.isThere;
      if (isOver || ++losses > MOST_LOSSES) throw error;
    }
  }
}

type Show = (collector: OutputCollector) => void;

async function begin(kernel: SharedKernel, sheet: Sheet, job: Job, show: Show): Promise<RunState> {
  const collector = collectWithinLimits();
  job.sent = { code: sheet.source(job.id), process: await kernel.process };
  job.isBegun = true;
  const started = performance.now();
  const executed = await kernel.run(job.run, job.sent.code, (message) => {
    if (collector.accept(message)) show(collector);
  });
  return stateOf(executed, performance.now() - started);
}

async function follow(kernel: SharedKernel, { run, sent }: Job, show: Show): Promise<RunState> {
  const hear = (messages: readonly OutputMessage[]): void => {
    const collector = collectWithinLimits();
    for (const message of messages) collector.accept(message);
    show(collector);
  };
  let followed = await kernel.follow(run, hear);
  if (followed === null && sent !== null && sent.process === (await kernel.process)) {
    kernel.sendAgain(run, sent.code);
    followed = await kernel.follow(run, hear);
  }
  return followed === null ? { state: "lost", count: null, ms: null } : stateOf(followed, followed.ms);
}

function stateOf({ status, executionCount: count }: Executed, ms: number): RunState {
  return { state: status === "ok" || status === "error" ? status : "stopped", count, ms };
}
