// The bench on which a C text is tried: load it, run it on packets, take it out again. Every step does all of it, since
// the same text is compiled once, and loading takes a millisecond; so nothing stays in the kernel.
import type { Explanation } from "../../../bpf/index.js";
import {
  type CellProgram,
  type ProgramCase,
  runCases,
  runProgram,
  tryXdp,
  type XdpTrial,
  type XdpVerdict,
} from "../../../xdp/index.js";
import { mismatch, type Outcome, type Step, saw } from "../../types.js";
import { describeValue } from "../../values.js";

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

/** One step: the text is loaded anew, with empty maps, judged, and taken out again. */
export function loadedStep(action: string, judge: (program: CellProgram) => Outcome): Step<string> {
  return {
    action,
    play(text): Outcome {
      const { program, summary } = tryXdp(text, "your program");
      if (program === null) return mismatch("a program in the kernel", `could not be tried: ${summary}`);
      try {
        return judge(program);
      } finally {
        program.close();
      }
    },
  };
}

/** The first case that goes wrong, as a mismatch; null where all go right. */
export function judgeCases(
  program: CellProgram,
  cases: readonly ProgramCase[],
  mistake: () => string | undefined,
): Outcome | null {
  const failed = runCases(program, cases).find(({ wrong }) => wrong !== null);
  if (failed === undefined) return null;
  const { name, verdict, bytes } = failed.case;
  const untouched = bytes === "as it came" ? ", as it came" : "";
  return mismatch(`${verdict} for ${name}${untouched}`, failed.wrong ?? "", mistake());
}

/** One step for a list of packets; it fails at the first wrong verdict. */
export function runStep(action: string, cases: readonly ProgramCase[], diagnose: Diagnose): Step<string> {
  return loadedStep(action, (program) => {
    const mistake = (): string | undefined => diagnose((packet) => runProgram(program, packet).verdict);
    const right = cases.length === 1 ? "as expected" : `${cases.length} packets, all as expected`;
    return judgeCases(program, cases, mistake) ?? saw(right);
  });
}

/** Bytes that the refused text had proven, null where it was not refused at a packet's bound. */
export function provenBytes({ explanation }: XdpTrial): number | null {
  return explanation?.access?.provenBytes ?? null;
}
