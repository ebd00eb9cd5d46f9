// Going into the kernel is one price; coming back as somebody else is another. Two threads on one CPU wake each other
// through pipes; beside it, the same bytes through a pipe without a switch.
import type { Experiment } from "../experiment.js";
import { type Cost, interleave } from "../interleave.js";
import { contextSwitchVariant, kernelVariant } from "../kernel-variants.js";

/** How often to measure. */
export interface ContextSwitchParams {
  /** Figures of each kind, 10 or more. */
  readonly rounds: number;
}

/** The figure that is guessed is `contextSwitch`: one switch with the write and the read that cause it. */
export type ContextSwitchOutcome = Readonly<Record<"syscallGetppid" | "pipeCopy" | "contextSwitch", Cost>>;

const experiment: Experiment<ContextSwitchParams, ContextSwitchOutcome> = {
  name: "context-switch",
  module: import.meta.url,
  question: "What does it cost to wake another thread and let it run?",
  needs: ["quiet"],
  unit: "ns",
  defaults: { rounds: 20 },
  unseen: [
    "a switch between processes, which changes the page tables too",
    "a wake-up on another CPU, which may first have to leave its sleep",
  ],
  headline: (outcome) => outcome.contextSwitch.ns,
  run({ rounds }, context) {
    const variants = {
      syscallGetppid: kernelVariant("syscallGetppid", "system call"),
      pipeCopy: kernelVariant("pipeCopy", "1 B through a pipe, same thread", 1),
      contextSwitch: contextSwitchVariant(),
    };
    return interleave(variants, rounds, context);
  },
};
export default experiment;
