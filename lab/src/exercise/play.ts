// Plays scenarios on what a learner handed in. Whatever that code does (throw, never settle, loop for
// ever) becomes an outcome; nothing it does ends the notebook.
import { CALL_LIMIT_MS, type Guarded, guard } from "./guard.js";
import { NEVER_ENDS } from "./hints.js";
import { type Exercise, mismatch, type Outcome, type Scenario, type Step } from "./types.js";
import { describeThrown } from "./values.js";

/** How far one scenario came. */
export interface ScenarioResult {
  scenario: Scenario<unknown>;
  /** One outcome a step played; the last is the failure, if there is one. */
  outcomes: Outcome[];
  /** What the start threw, in words, where no step could be played. */
  startFailure?: string;
  passed: boolean;
}

/** Longest time that a step may wait for a promise, in milliseconds, where the step does not say otherwise. */
const STEP_LIMIT_MS = 2000;

/**
 * Plays all scenarios; each ends at its first failing step, and the next begins afresh. A live one wants all before it passed,
 * and code that had to be stopped is not started again: what is left out counts as not played.
 */
export async function playAll(exercise: Exercise<unknown>, answer: unknown): Promise<ScenarioResult[]> {
  const guarded = guard(answer, exercise.mayBeAsync === true);
  const results: ScenarioResult[] = [];
  for (const scenario of exercise.scenarios) {
    const isPremature = scenario.isLive === true && results.some(({ passed }) => !passed);
    if (isPremature || guarded.stopped()) results.push({ scenario, outcomes: [], passed: false });
    else results.push(await playScenario(scenario, guarded));
  }
  return results;
}

/** Whatever a judge made of the answer that did not come. */
const ENDLESS = mismatch(
  "an end",
  `was stopped after ${CALL_LIMIT_MS / 1000} s: does its loop end?`,
  NEVER_ENDS.name,
);

async function playScenario(scenario: Scenario<unknown>, guarded: Guarded): Promise<ScenarioResult> {
  const outcomes: Outcome[] = [];
  let state: unknown;
  try {
    state = scenario.start(guarded.mine);
  } catch (thrown) {
    return { scenario, outcomes, passed: false, startFailure: describeThrown(thrown) };
  }
  for (const step of scenario.steps) {
    const played = await playStep(step, state);
    const outcome = guarded.stopped() ? ENDLESS : played;
    outcomes.push(outcome);
    if (!outcome.ok) return { scenario, outcomes, passed: false };
  }
  return { scenario, outcomes, passed: true };
}

async function playStep(step: Step<unknown>, state: unknown): Promise<Outcome> {
  const { limitMs = STEP_LIMIT_MS } = step;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<Outcome>((resolve) => {
    const late = mismatch(`an answer within ${limitMs / 1000} s`, "returned a promise that did not settle");
    timer = setTimeout(() => resolve(late), limitMs);
  });
  try {
    return await Promise.race([step.play(state), limit]);
  } catch (thrown) {
    return mismatch("no error", `threw ${describeThrown(thrown)}`);
  } finally {
    clearTimeout(timer);
  }
}
