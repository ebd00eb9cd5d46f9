// How many exceptions, that is crossings into the kernel, does an operation take? The same reads of a file in memory are made one
// system call each, by batches through an io_uring, and through one whose requests a kernel thread takes. The kernel counts.
import { kernels, openMemoryFile, threadId } from "../../sys/index.js";
import { countDuring } from "../../trace/index.js";
import type { Context, Experiment } from "../experiment.js";
import { UringReader } from "../uring-reader.js";

/** What to count. */
export interface ExceptionLessCallsParams {
  /** Reads by each way; a multiple of every batch. */
  readonly reads: number;
  /** Reads in one batch, each 1 to 256. */
  readonly batches: readonly number[];
}

/** What one way took. */
export interface CountedWay {
  readonly way: "one call a read" | "one call a batch" | "polled";
  readonly batch: number;
  readonly reads: number;
  /** System calls of the reading thread that made the reads: `pread64` or `io_uring_enter`. */
  readonly calls: number;
}

/** The counts; none polled where the lab has only one CPU. The figure that is guessed is the calls of the largest batch. */
export interface ExceptionLessCallsOutcome {
  readonly ways: readonly CountedWay[];
}

const READ_BYTES = 1024;
/** Longer than the run takes: the polling thread stays awake. */
const AWAKE_MS = 3000;

async function countCalls(name: string, read: () => void): Promise<number> {
  const { counts } = await countDuring({ syscalls: { tids: [threadId()] } }, read);
  if (counts.uncounted > 0) {
    throw new Error(
      `Cannot tell how many calls there were: ${counts.uncounted} were not counted -> run it again`,
    );
  }
  return counts.syscalls.byName[name] ?? 0;
}

async function countBatches(reader: UringReader, reads: number, batch: number): Promise<CountedWay> {
  reader.read(1); // loads code, and wakes the polling thread if there is one
  let failed = 0;
  const calls = await countCalls("io_uring_enter", () => {
    for (let read = 0; read < reads; read += batch) if (!reader.read(batch)) failed++;
  });
  if (failed > 0) throw new Error(`Cannot count reads: ${failed} batches failed -> run it again`);
  return { way: reader.uring.isPolled ? "polled" : "one call a batch", batch, reads, calls };
}

async function run(
  { reads, batches }: ExceptionLessCallsParams,
  context: Context,
): Promise<ExceptionLessCallsOutcome> {
  const uneven = batches.find((batch) => !(Number.isInteger(batch) && batch >= 1 && reads % batch === 0));
  if (uneven !== undefined || batches.length === 0) {
    throw new RangeError(
      `Cannot make ${reads} reads in batches of ${uneven ?? "nothing"}: reads must be a multiple -> try { reads: 1024, batches: [1, 32] }`,
    );
  }
  const file = openMemoryFile(READ_BYTES);
  context.onClose(() => file.close());
  kernels.preadFile(1, file.fd, READ_BYTES);
  const plain = await countCalls("pread64", () => kernels.preadFile(reads, file.fd, READ_BYTES));
  const ways: CountedWay[] = [{ way: "one call a read", batch: 1, reads, calls: plain }];
  // On one CPU the polling thread and this one, which waits by looking, would only keep each other from running.
  const cpu = context.cpus.find((other) => other !== context.cpu);
  for (const polledBy of [undefined, ...(cpu === undefined ? [] : [{ idleMs: AWAKE_MS, cpu }])]) {
    const reader = new UringReader(file, polledBy);
    context.onClose(() => reader.close());
    for (const batch of batches) {
      ways.push(await countBatches(reader, reads, batch));
      await context.breathe();
    }
  }
  return { ways };
}

const experiment: Experiment<ExceptionLessCallsParams, ExceptionLessCallsOutcome> = {
  name: "exception-less-calls",
  module: import.meta.url,
  question: "How many system calls does a read take, by one call each, by batches and with a polling thread?",
  needs: ["root", "compiled"],
  unit: "calls",
  defaults: { reads: 1024, batches: [1, 2, 4, 8, 16, 32, 64] },
  unseen: [
    "the call that wakes a polling thread which fell asleep: here it is kept awake",
    "exceptions other than system calls, such as page faults and interrupts",
  ],
  headline: ({ ways }) => ways.filter(({ way }) => way === "one call a batch").at(-1)!.calls,
  run,
};
export default experiment;
