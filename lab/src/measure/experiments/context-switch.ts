// Going into the kernel is one price; coming back as somebody else is another. Two threads wake each other in turns, through a
// pipe, an eventfd and a futex: on one CPU, where each wake-up is a context switch, and on two, where it has to reach another core.
import type { Context, Experiment } from "../experiment.js";
import { type Cost, interleave, type Variant } from "../interleave.js";
import { kernelVariant, type PingPongKernel, pingPongVariant } from "../kernel-variants.js";

/** How often to measure. */
export interface ContextSwitchParams {
  /** Figures of each kind, 10 or more. */
  readonly rounds: number;
}

/** One wake-up by each means, with the calls that ask for it. */
export type WakeUpCosts = Readonly<Record<"pipe" | "eventfd" | "futex", Cost>>;

/** The figure that is guessed is `contextSwitch`: one switch with the write and the read that cause it. */
export interface ContextSwitchOutcome
  extends Readonly<Record<"syscallGetppid" | "pipeCopy" | "contextSwitch", Cost>> {
  /** Both threads on one CPU. Its pipe is `contextSwitch`. */
  readonly oneCpu: WakeUpCosts;
  /** Each thread on a CPU of its own; null where the lab has only one. */
  readonly twoCpus: WakeUpCosts | null;
}

const MEANS: readonly [keyof WakeUpCosts, PingPongKernel][] = [
  ["pipe", "pipePingPong"],
  ["eventfd", "eventfdPingPong"],
  ["futex", "futexPingPong"],
];

function wakeUps(place: string, here: number, there: number): Record<string, Variant> {
  return Object.fromEntries(
    MEANS.map(([means, kernel]) => [
      `${means} ${place}`,
      pingPongVariant(kernel, `${means}, ${place}`, here, there),
    ]),
  );
}

function pick(costs: Readonly<Record<string, Cost>>, place: string): WakeUpCosts {
  return Object.fromEntries(MEANS.map(([means]) => [means, costs[`${means} ${place}`]!])) as WakeUpCosts;
}

async function run({ rounds }: ContextSwitchParams, context: Context): Promise<ContextSwitchOutcome> {
  const other = context.cpus.find((cpu) => cpu !== context.cpu);
  const costs: Record<string, Cost> = await interleave(
    {
      syscallGetppid: kernelVariant("syscallGetppid", "system call"),
      pipeCopy: kernelVariant("pipeCopy", "1 B through a pipe, same thread", 1),
      ...wakeUps("one CPU", context.cpu, context.cpu),
      ...(other !== undefined && wakeUps("two CPUs", context.cpu, other)),
    },
    rounds,
    context,
  );
  const oneCpu = pick(costs, "one CPU");
  return {
    syscallGetppid: costs.syscallGetppid!,
    pipeCopy: costs.pipeCopy!,
    contextSwitch: oneCpu.pipe,
    oneCpu,
    twoCpus: other === undefined ? null : pick(costs, "two CPUs"),
  };
}

const experiment: Experiment<ContextSwitchParams, ContextSwitchOutcome> = {
  name: "context-switch",
  module: import.meta.url,
  question: "What does it cost to wake another thread and let it run?",
  needs: ["quiet", "compiled"],
  unit: "ns",
  defaults: { rounds: 20 },
  unseen: [
    "a switch between processes, which changes the page tables too",
    "a CPU that has slept for longer: here it slept for microseconds at most",
    "how often a thread on the other CPU found its word changed before it had gone to sleep",
  ],
  headline: (outcome) => outcome.contextSwitch.ns,
  run,
};
export default experiment;
