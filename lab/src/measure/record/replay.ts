// A machine that cannot measure shows what another did: the same figures, with the reader's own guess beside them, and with the
// other machine's name on them wherever they are shown.
import type { Experiment } from "../experiment.js";
import { type Guess, judgeGuess } from "../predict.js";
import { type MeasuredResult, processorOf, type WhyNot } from "../result.js";
import { type FoundResult, findRecorded } from "./store.js";

/**
 * A recorded result in place of one that cannot be measured here.
 *
 * @param refusal why it cannot
 * @returns null where no recording has this experiment with these parameters
 */
export function replay<Params extends object, Outcome>(
  experiment: Experiment<Params, Outcome>,
  params: Params,
  guess: Guess,
  refusal: WhyNot,
): MeasuredResult<Outcome> | null {
  const found = findRecorded(experiment.name, params);
  if (found === null) return null;
  const result = found.result as MeasuredResult<Outcome>;
  const judged = judgeGuess(guess, result.guess.measured, experiment.unit);
  const on = machineOf(found);
  return {
    ...result,
    question: experiment.question,
    guess: { ...judged, text: `${judged.text} (recorded on ${on})` },
    recorded: { on, name: found.recording.name, because: refusal.reason, next: refusal.next },
  };
}

/** `a virtual machine, AMD EPYC, 2 CPUs, Linux 6.18.44, 2026-11-24` */
function machineOf({ recording, result }: FoundResult): string {
  const { kernel, date } = result.environment;
  return `${recording.name}, ${processorOf(result.environment)}, Linux ${kernel.split(" ")[0]}, ${date.slice(0, 10)}`;
}
