// The process in which an experiment runs: away from the notebook's thread, so that nothing the notebook does gets into
// the figures, and so that the stop button can always end it. It takes one experiment, sends one ending, and is gone.
//
// It ends in every case: the parent's abort or death reaches it at the next breath and it removes what it made; where
// it never breathes again, the parent kills it, and if there is no parent any more, the kernel does (the alarm below).
import { allowedCpus, areKernelsBuilt, libc, pinThread, rdmaHere } from "../sys/index.js";
import { type ChildContext, childContext } from "./child-context.js";
import { cpuLoads, readCpuTicks } from "./cpu-load.js";
import type { Experiment } from "./experiment.js";
import { type GateReading, passGate } from "./gate.js";
import { isMissing } from "./if-possible.js";
import {
  type Ending,
  type ErrorData,
  type RunMessage,
  STUCK_AFTER_S,
  type ToChild,
  type ToParent,
} from "./messages.js";
import type { WhyNot } from "./result.js";

const alarm = libc.declare("unsigned int alarm(unsigned int seconds)");

const abort = new AbortController();

function tell(message: ToParent): Promise<void> {
  return new Promise((sent) => {
    if (process.connected) process.send!(message, () => sent());
    else sent();
  });
}

process.on("disconnect", () => abort.abort());
process.on("message", (message: ToChild) => {
  if (message.type === "abort") abort.abort();
  else void answer(message);
});
process.on("SIGINT", () => abort.abort());
process.on("SIGTERM", () => abort.abort());
alarm(STUCK_AFTER_S);
// Unreferenced, so that a child whose parent went away before it sent anything just ends.
setInterval(() => alarm(STUCK_AFTER_S), 1000).unref();

async function answer(message: RunMessage): Promise<void> {
  const ending = await conduct(message).catch((error: unknown): Ending => {
    if (error instanceof Error && error.name === "AbortError") return { type: "aborted" };
    return { type: "failed", missing: isMissing(error), error: errorData(error) };
  });
  await tell(ending);
  process.exit(0);
}

async function conduct(message: RunMessage): Promise<Ending> {
  const { default: experiment } = (await import(message.module)) as { default: Experiment<object, unknown> };
  const lack = lackOf(experiment);
  if (lack !== null) return { type: "refused", missing: true, ...lack };
  const context = childContext(message.seed, allowedCpus(), abort.signal, (progress) => {
    void tell({ type: "progress", ...progress });
  });
  const gate = experiment.needs.includes("quiet") ? await waitAtGate(message, context) : null;
  if (gate !== null && gate.reason !== null) {
    return {
      type: "refused",
      missing: false,
      reason: gate.reason,
      next: "stop what else is running (see `top`), then run this again",
    };
  }
  return runExperiment(experiment, message.params, context, gate);
}

/** What is missing whatever the moment; found before the gate, which would wait for a quiet machine in vain. */
function lackOf({ needs }: Experiment<object, unknown>): WhyNot | null {
  if (needs.includes("rdma")) {
    const { available, reason, next } = rdmaHere();
    if (!available) return { reason, next };
  }
  if (needs.includes("root") && process.getuid?.() !== 0) {
    return { reason: "it needs root", next: "start the lab again with sudo" };
  }
  if (needs.includes("compiled") && !areKernelsBuilt()) {
    return { reason: "its loops are not compiled", next: "run sh vm/build.sh, which needs clang" };
  }
  return null;
}

function waitAtGate(message: RunMessage, context: ChildContext): Promise<GateReading> {
  context.progress(0, "checking that the machine is quiet");
  const onWait = (reason: string): void => context.progress(0, `waiting for a quiet machine: ${reason}`);
  return passGate(message.gate, onWait, abort.signal);
}

async function runExperiment(
  experiment: Experiment<object, unknown>,
  params: object,
  context: ChildContext,
  gate: GateReading | null,
): Promise<Ending> {
  const before = readCpuTicks();
  pinThread([context.cpu]);
  try {
    const outcome = await experiment.run(params, context);
    const steal = Math.max(0, ...cpuLoads(before, readCpuTicks()).map((load) => load.steal));
    context.progress(1, "done");
    return { type: "ok", outcome, facts: { gate, cpu: context.cpu, steal, notes: context.notes } };
  } finally {
    await context.close();
  }
}

function errorData(error: unknown): ErrorData {
  const { name, message, stack = "" } = error instanceof Error ? error : new Error(String(error));
  return { name, message, stack, details: error instanceof Error ? { ...error } : {} };
}
