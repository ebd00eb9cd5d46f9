// What does it cost to hand one entry to another core, by what protects the queue? Beside it the one thing that none of them can do
// without: a cache line that goes from core to core.
import { NotSupportedError } from "../../base/index.js";
import type { Context, Experiment } from "../experiment.js";
import { type Cost, interleave, type Variant } from "../interleave.js";
import { kernelVariant } from "../kernel-variants.js";
import { QUEUE_BATCH, QUEUE_WAYS, type QueueWay } from "../queue-ways.js";

/** How often to measure. */
export interface QueueCostsParams {
  /** Figures of each kind, 10 or more. */
  readonly rounds: number;
}

/** Costs of one entry. */
export interface QueueCostsOutcome {
  readonly ways: readonly { readonly way: QueueWay; readonly cost: Cost }[];
  /** One journey of a line from core to core. */
  readonly lineTransfer: Cost;
  /** Entries for which the batching ring moves its cursor once. */
  readonly batch: number;
}

async function run({ rounds }: QueueCostsParams, context: Context): Promise<QueueCostsOutcome> {
  const here = context.cpu;
  const there = context.cpus.find((cpu) => cpu !== here);
  if (there === undefined) {
    throw new NotSupportedError(
      "queues between cores",
      "two CPUs",
      "one CPU",
      "give the machine another one",
    );
  }
  const ways = Object.keys(QUEUE_WAYS) as QueueWay[];
  const variants: Record<string, Variant> = Object.fromEntries(
    ways.map((way) => [way, { name: way, batch: (entries) => QUEUE_WAYS[way](entries, here, there) }]),
  );
  const transfer = {
    ...kernelVariant("lineTransfer", "a line to the other core", here, there),
    operations: 2,
  };
  const costs = await interleave({ ...variants, transfer }, rounds, context);
  return {
    ways: ways.map((way) => ({ way, cost: (costs as Record<string, Cost>)[way]! })),
    lineTransfer: costs.transfer,
    batch: QUEUE_BATCH,
  };
}

const experiment: Experiment<QueueCostsParams, QueueCostsOutcome> = {
  name: "queue-costs",
  module: import.meta.url,
  question: "What does it cost to hand an entry to another core?",
  needs: ["quiet", "compiled"],
  unit: "ns",
  defaults: { rounds: 20 },
  unseen: [
    "how many lines really moved: that takes a performance counter",
    "latency: a queue that is full and one that is empty have the same rate",
    "a queue with more than two sides",
  ],
  headline: ({ ways }) => ways.at(-1)!.cost.ns,
  run,
};
export default experiment;
