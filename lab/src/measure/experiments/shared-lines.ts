// What sharing costs where no kernel takes part: a locked operation and a lock that nobody else wants, the same with a second core
// that does, two counters that only live in one line, and the bare journey of a line from one core to the other.
import { NotSupportedError } from "../../base/index.js";
import type { Context, Experiment } from "../experiment.js";
import { type Cost, interleave } from "../interleave.js";
import { kernelVariant } from "../kernel-variants.js";

/** How often to measure. */
export interface SharedLinesParams {
  /** Figures of each kind, 10 or more. */
  readonly rounds: number;
}

/** Nanoseconds of one operation. */
export interface SharedLinesOutcome {
  /** A locked addition, one core alone. */
  readonly atomicAlone: Cost;
  /** One addition by each of two cores, to counters of their own that are far apart. */
  readonly countersApart: Cost;
  /** The same, with both counters in one cache line. */
  readonly countersTogether: Cost;
  /** Taking a lock and giving it back, one core alone. */
  readonly lockAlone: Cost;
  /** The same for each taking when two cores want it. */
  readonly lockContended: Cost;
  /** One journey of a line that two cores write in turns: the figure that is guessed. */
  readonly lineTransfer: Cost;
  readonly cpus: readonly [number, number];
}

const SAME_LINE_BYTES = 8;
const APART_BYTES = 128;

async function run({ rounds }: SharedLinesParams, context: Context): Promise<SharedLinesOutcome> {
  const here = context.cpu;
  const there = context.cpus.find((cpu) => cpu !== here);
  if (there === undefined) {
    throw new NotSupportedError(
      "sharing between cores",
      "two CPUs",
      "one CPU",
      "give the machine another one",
    );
  }
  const costs = await interleave(
    {
      atomicAlone: kernelVariant("atomicAdd", "locked addition, alone"),
      countersApart: kernelVariant("neighbourCounters", "two counters, apart", here, there, APART_BYTES),
      countersTogether: kernelVariant(
        "neighbourCounters",
        "two counters, one line",
        here,
        there,
        SAME_LINE_BYTES,
      ),
      lockAlone: kernelVariant("spinlockPair", "lock and unlock, alone"),
      lockContended: {
        ...kernelVariant("spinlockContended", "lock and unlock, contended", here, there),
        operations: 2,
      },
      lineTransfer: {
        ...kernelVariant("lineTransfer", "a line to the other core", here, there),
        operations: 2,
      },
    },
    rounds,
    context,
  );
  return { ...costs, cpus: [here, there] };
}

const experiment: Experiment<SharedLinesParams, SharedLinesOutcome> = {
  name: "shared-lines",
  module: import.meta.url,
  question: "What does it cost when two cores want the same cache line?",
  needs: ["quiet", "compiled"],
  unit: "ns",
  defaults: { rounds: 20 },
  unseen: [
    "how many lines really moved: that takes a performance counter",
    "more than two cores, and cores of different sockets",
    "a holder of the lock that loses its CPU: then everybody waits for a whole time slice",
  ],
  headline: ({ lineTransfer }) => lineTransfer.ns,
  run,
};
export default experiment;
