// A failure tells its story: what was set up, each step and what was seen, and where it went wrong.
//
//   receive-loop, scenario "one packet": failed at step 2
//     0  ring of 4 slots, 4 frames in the fill ring
//     1  a packet arrives   -> delivered
//     2  receive: expected 1 packet, your code returned undefined (is a return missing?)
import type { ScenarioResult } from "./play.js";

/** Tells a scenario up to its failure, in lines without hint. */
export function tellStory(exerciseId: string, result: ScenarioResult): string {
  const { scenario, outcomes } = result;
  const name = exerciseId.slice(exerciseId.lastIndexOf("/") + 1);
  const heading = `${name}, scenario "${scenario.name}": failed at`;
  if (result.startFailure !== undefined)
    return `${heading} the start: your code threw ${result.startFailure}`;
  const steps = scenario.steps.slice(0, outcomes.length);
  const width = Math.max(0, ...steps.slice(0, -1).map((step) => step.action.length));
  const digits = String(outcomes.length).length;
  const lines = outcomes.map((outcome, index) => {
    const { action } = steps[index];
    if (!outcome.ok) return `${action}: expected ${outcome.expected}, your code ${outcome.got}`;
    return outcome.seen === undefined ? action : `${action.padEnd(width)} -> ${outcome.seen}`;
  });
  const numbered = [scenario.given, ...lines].map(
    (line, number) => `  ${String(number).padStart(digits)}  ${line}`,
  );
  return [`${heading} step ${outcomes.length}`, ...numbered].join("\n");
}
