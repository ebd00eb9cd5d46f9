// The bench on which a C text is tried: load it, run it on packets, take it out again. Every step does all of it, since
// the same text is compiled once, and loading takes a millisecond; so nothing stays in the kernel.
import type { Explanation } from "../../../bpf/index.js";
import { runProgram, tryXdp, type XdpTrial, type XdpVerdict } from "../../../xdp/index.js";
import { mismatch, type Outcome, type Step, saw } from "../../types.js";
import { describeValue } from "../../values.js";

/** A packet and what is right for it. */
export interface Case {
  readonly name: string;
  readonly packet: Uint8Array;
  readonly expected: XdpVerdict;
}

/** Names a known mistake by the program's verdicts on any packets; undefined for an unknown one. */
export type Diagnose = (verdictOn: (packet: Uint8Array) => XdpVerdict) => string | undefined;

/** Says what is wrong with the kind of thing handed in. */
export function refusesText(name: string): (mine: unknown) => string | null {
  return (mine) =>
    typeof mine === "string" && mine.includes("SEC(")
      ? null
      : `${name}: expected a C file as text, with SEC("xdp") before its function, your code handed in ${describeValue(mine)}`;
}

/** First step: clang and the verifier take it. @param diagnose names the mistake behind a refusal of the verifier */
export function takeStep(diagnose: (trial: XdpTrial) => string | undefined): Step<string> {
  return {
    action: "compile and load",
    play(text): Outcome {
      const trial = tryXdp(text, "your program");
      trial.program?.close();
      if (trial.status === "loaded") return saw("the kernel takes it");
      const expected = "a program that the kernel takes";
      const { compileError, explanation } = trial;
      if (compileError !== null) return mismatch(expected, `does not compile: ${compileError.message}`);
      if (explanation === null) return mismatch(expected, `could not be tried: ${trial.summary}`);
      const { source, line } = explanation;
      const where = line === null ? source : `line ${line}`;
      return mismatch(expected, `was refused at ${where}${reasons(explanation)}`, diagnose(trial));
    },
  };
}

/** What the verifier knew, which rule that breaks and what to compare; the log itself where the lab has no words for it. */
function reasons({ rule, answers, log }: Explanation): string {
  if (rule === "unknown") return `, and the lab does not know this refusal. The log:\n${log}`;
  const told = answers.slice(answers.findIndex(({ question }) => question.startsWith("What did")));
  return told.map(({ question, answer }) => `\n     ${question}\n       ${answer}`).join("");
}

/** One step for a list of packets; it fails at the first wrong verdict. */
export function runStep(action: string, cases: readonly Case[], diagnose: Diagnose): Step<string> {
  return {
    action,
    play(text): Outcome {
      const { program, summary } = tryXdp(text, "your program");
      if (program === null) return mismatch("a program in the kernel", `could not be tried: ${summary}`);
      try {
        const verdictOn = (packet: Uint8Array): XdpVerdict => runProgram(program, packet).verdict;
        const wrong = cases.find(({ packet, expected }) => verdictOn(packet) !== expected);
        if (wrong === undefined)
          return saw(cases.length === 1 ? "as expected" : `${cases.length} packets, all as expected`);
        const { name, packet, expected } = wrong;
        return mismatch(`${expected} for ${name}`, `answered ${verdictOn(packet)}`, diagnose(verdictOn));
      } finally {
        program.close();
      }
    },
  };
}

/** Bytes that the refused text had proven, null where it was not refused at a packet's bound. */
export function provenBytes({ explanation }: XdpTrial): number | null {
  return explanation?.access?.provenBytes ?? null;
}
