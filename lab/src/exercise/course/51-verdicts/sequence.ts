// A program with a map is a function with a memory: what it answers depends on what came before. So it is loaded once
// and meets a whole sequence of packets, and the sequence of its answers is what is judged.
import { runProgram, type XdpVerdict } from "../../../xdp/index.js";
import { mismatch, type Step, saw } from "../../types.js";
import { loadedStep } from "../50-the-articles-program/bench.js";

/** A sequence and what is right for it. */
export interface SequenceSpec {
  /** What comes, in words. */
  readonly action: string;
  readonly packets: readonly Uint8Array[];
  readonly expected: readonly XdpVerdict[];
  /** Names a known mistake by the answers to this sequence; undefined for an unknown one. */
  diagnose?(answers: readonly XdpVerdict[]): string | undefined;
}

/** One step: a fresh load, with empty maps, meets the sequence. */
export function sequenceStep({ action, packets, expected, diagnose }: SequenceSpec): Step<string> {
  return loadedStep(action, (program) => {
    const answers = packets.map((packet) => runProgram(program, packet).verdict);
    const wrong = answers.findIndex((answer, i) => answer !== expected[i]);
    if (wrong < 0) return saw(`${packets.length} packets, ${passed(answers)} passed`);
    return mismatch(
      `${expected[wrong]} for packet ${wrong + 1} of ${packets.length}`,
      `answered ${answers[wrong]}; of all it passed ${passed(answers)}, right are ${passed(expected)}`,
      diagnose?.(answers),
    );
  });
}

/** How many of the answers are PASS. */
export function passed(answers: readonly XdpVerdict[]): number {
  return answers.filter((answer) => answer === "PASS").length;
}
