// How often does handing something to another thread need the kernel? The same numbers go through a queue with a mutex, one with a
// spin lock, and a ring without any lock. The futex calls of both threads are counted, and the time that they take.
import { readdirSync } from "node:fs";
import { threadId } from "../../sys/index.js";
import { countDuring } from "../../trace/index.js";
import type { Context, Experiment } from "../experiment.js";
import { QUEUE_WAYS, type QueueWay } from "../queue-ways.js";

/** How much to hand over. */
export interface QueueCallsParams {
  /** Numbers through each queue, 1 or more. */
  readonly entries: number;
}

/** What one queue took. */
export interface QueueCallsRow {
  readonly way: QueueWay;
  readonly entries: number;
  /** futex(2) calls of both threads. */
  readonly futex: number;
  /** Time that both threads spent in them, sleep included, in ns. */
  readonly waitNs: number;
}

/** The counts; each number came out once and in order, or there would be none. The figure that is guessed is the mutex's calls. */
export interface QueueCallsOutcome {
  readonly rows: readonly QueueCallsRow[];
}

async function countWay(way: QueueWay, entries: number, here: number, there: number): Promise<QueueCallsRow> {
  const bystanders = new Set(readdirSync("/proc/self/task").map(Number));
  bystanders.delete(threadId());
  const { counts } = await countDuring({ syscalls: { pids: [process.pid] } }, () =>
    QUEUE_WAYS[way](entries, here, there),
  );
  if (counts.uncounted > 0) {
    throw new Error(
      `Cannot tell how many calls there were: ${counts.uncounted} were not counted -> run it again`,
    );
  }
  const futex = counts.syscalls.calls.filter(({ tid, name }) => name === "futex" && !bystanders.has(tid));
  const waitNs = futex.reduce((sum, { insideNs }) => sum + insideNs, 0);
  return { way, entries, futex: futex.reduce((sum, { calls }) => sum + calls, 0), waitNs };
}

async function run({ entries }: QueueCallsParams, context: Context): Promise<QueueCallsOutcome> {
  if (!(Number.isInteger(entries) && entries >= 1)) {
    throw new RangeError(`Cannot hand over ${entries} entries: not a whole number above 0 -> try 20000`);
  }
  const here = context.cpu;
  const there = context.cpus.find((cpu) => cpu !== here) ?? here;
  const rows: QueueCallsRow[] = [];
  for (const way of Object.keys(QUEUE_WAYS) as QueueWay[]) {
    QUEUE_WAYS[way](1, here, there); // loads the library
    rows.push(await countWay(way, entries, here, there));
    await context.breathe();
  }
  return { rows };
}

const experiment: Experiment<QueueCallsParams, QueueCallsOutcome> = {
  name: "queue-calls",
  module: import.meta.url,
  question: "How many futex calls does it take to hand entries to another thread?",
  needs: ["root", "compiled"],
  unit: "calls",
  defaults: { entries: 20_000 },
  unseen: [
    "the price of looking: who waits without the kernel keeps its CPU busy",
    "how much a traced mutex differs: tracing makes its calls longer, and so moves who waits for whom",
  ],
  headline: ({ rows }) => rows[0]!.futex,
  run,
};
export default experiment;
