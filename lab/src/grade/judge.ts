// One answer, judged in a kernel of its own. What the answer needs of earlier cells, the answer, and the check run as cells, each
// with a time limit; so the reason names the part that failed, and whatever the code does (never end, crash, end the process), the
// judge has an answer and the next kernel is a fresh one.

import { randomBytes } from "node:crypto";
import { findExercise, stepCount } from "../exercise/index.js";
import {
  type Answer,
  collectOutputs,
  type JupyterServer,
  type Output,
  type RunningKernel,
  startKernel,
} from "../jupyter/index.js";

/** What became of one answer. */
export interface Judged {
  readonly exercise: string;
  /**
   * `missing`: the notebook checks no such exercise; `error`: the answer's own code failed before it could be checked;
   * `timeout`: it ran out of time; `died`: it took the kernel along; `unreadable`: the file is no notebook.
   */
  readonly status: "passed" | "failed" | "missing" | "error" | "timeout" | "died" | "unreadable";
  /** Points earned: all or none. */
  readonly points: number;
  readonly maxPoints: number;
  readonly stepsPassed: number;
  readonly stepsTotal: number;
  /** Why it did not pass, in one line; empty where it did. */
  readonly reason: string;
  /** What the check printed, where it came so far. */
  readonly report: string;
}

/** The figures of a report that travel from the kernel. */
interface Verdict {
  readonly passed: boolean;
  readonly stepsPassed: number;
  readonly stepsTotal: number;
  readonly diagnosis: string | null;
  readonly story: string;
  readonly text: string;
}

/**
 * Judges an answer.
 *
 * @param server whose folder is inside this clone, where `ringside` is found
 * @param limitMs time that each of these cells may take
 * @returns what became of it; an answer that loops, throws or kills its kernel is a result
 * @throws Error where no kernel starts, RangeError where there is no such exercise
 */
export async function judgeAnswer(server: JupyterServer, answer: Answer, limitMs: number): Promise<Judged> {
  const verdictType = `application/x-ringside-verdict-${randomBytes(8).toString("hex")}+json`;
  const cells: readonly (readonly [string, string])[] = [
    ...answer.before.map((code) => ["what the answer uses from earlier cells", code] as const),
    [`cell ${answer.cell}`, answer.own],
    ["the check", checkCell(answer, verdictType)],
  ];
  const kernel = await startKernel(server, `judged-${process.pid}-${randomBytes(4).toString("hex")}.ipynb`);
  try {
    for (const [what, code] of cells) {
      if (code.trim() === "") continue;
      const { failure, outputs } = await runCell(kernel, code, limitMs);
      if (failure !== null) return failed(answer.exercise, failure.status, `${what}: ${failure.reason}`);
      const verdict = findVerdict(outputs, verdictType);
      if (verdict !== null) return conclude(answer.exercise, verdict);
    }
    return failed(answer.exercise, "error", "the check: it came to no verdict");
  } catch (death) {
    return failed(answer.exercise, "died", (death as Error).message);
  } finally {
    await kernel.close();
  }
}

/** Hands the answer to the check, and its report to us, as an output that nothing else writes. */
function checkCell({ exercise, expression }: Answer, verdictType: string): string {
  return `import { check as judgeIt, display as tellVerdict } from "ringside";
const verdictReport = await judgeIt(${JSON.stringify(exercise)}, (${expression ?? "undefined"}));
tellVerdict({
  [Symbol.for("Jupyter.display")]: () => ({
    ${JSON.stringify(verdictType)}: JSON.stringify({ ...verdictReport, text: verdictReport.toString() }),
  }),
});`;
}

interface Ran {
  readonly failure: { readonly status: "error" | "timeout"; readonly reason: string } | null;
  readonly outputs: readonly Output[];
}

async function runCell(kernel: RunningKernel, code: string, limitMs: number): Promise<Ran> {
  const collector = collectOutputs();
  const { status } = await kernel.execute(code, limitMs, (message) => collector.accept(message));
  const { outputs } = collector;
  if (status === "ok") return { failure: null, outputs };
  if (status === "timeout") {
    return { failure: { status, reason: `it ran longer than ${limitMs / 1000} s and was stopped` }, outputs };
  }
  const error = outputs.findLast((output) => output.output_type === "error");
  const reason =
    error?.output_type === "error" ? firstLine(`${error.ename}: ${error.evalue}`) : "the kernel refused it";
  return { failure: { status: "error", reason }, outputs };
}

function findVerdict(outputs: readonly Output[], type: string): Verdict | null {
  for (const output of outputs) {
    if (output.output_type !== "display_data" || !(type in output.data)) continue;
    const value = output.data[type];
    return (typeof value === "string" ? JSON.parse(value) : value) as Verdict;
  }
  return null;
}

function conclude(id: string, verdict: Verdict): Judged {
  const { points } = findExercise(id);
  const { passed, stepsPassed, stepsTotal, text } = verdict;
  const counted = { exercise: id, maxPoints: points, stepsPassed, stepsTotal, report: text };
  if (passed) return { ...counted, status: "passed", points, reason: "" };
  const last = verdict.story.split("\n").at(-1)!.trim();
  const reason = verdict.diagnosis === null ? last : `${verdict.diagnosis}: ${last}`;
  return { ...counted, status: "failed", points: 0, reason };
}

/** The result of an answer that came to no check. */
export function failed(id: string, status: Judged["status"], reason: string): Judged {
  const exercise = findExercise(id);
  const { points } = exercise;
  const stepsTotal = stepCount(exercise);
  return {
    exercise: id,
    status,
    points: 0,
    maxPoints: points,
    stepsPassed: 0,
    stepsTotal,
    reason,
    report: "",
  };
}

function firstLine(text: string): string {
  return text.split("\n")[0]!.trim();
}
