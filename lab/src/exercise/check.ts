// `check` is the one verb that a learner needs: it plays an exercise's scenarios on what was handed in, and keeps the attempt.
import { recordAttempt } from "../progress/index.js";
import { findExercise } from "./course/index.js";
import { chooseHint, countFailure, forgetFailures } from "./hints.js";
import { playAll, type ScenarioResult } from "./play.js";
import { CheckReport, type CheckResult, tally } from "./report.js";
import { tellStory } from "./story.js";
import type { Exercise } from "./types.js";

/**
 * Checks an answer. It names the first thing that goes wrong and gives a hint; checking again climbs the ladder of hints.
 *
 * @param exercise an exercise or its id, `33-af-xdp/receive-loop`
 * @param mine the function (or whatever the exercise asks for) that you wrote
 * @returns A report that shows itself as a cell's last expression.
 * @throws RangeError where there is no exercise of that id
 */
export async function check<T>(exercise: Exercise<T> | string, mine: T): Promise<CheckReport> {
  const found: Exercise<unknown> = typeof exercise === "string" ? findExercise(exercise) : exercise;
  const refusal = found.refuses(mine);
  const result = refusal === null ? judge(found, await playAll(found, mine)) : refuse(found, refusal);
  keep(result);
  return new CheckReport(result);
}

function keep({ id, passed, stepsPassed, stepsTotal, diagnosis, hint, scenarios }: CheckResult): void {
  const scenario = scenarios.find((each) => !each.passed)?.name ?? null;
  recordAttempt({ exercise: id, passed, stepsPassed, stepsTotal, scenario, diagnosis, hint });
}

function judge(exercise: Exercise<unknown>, results: ScenarioResult[]): CheckResult {
  const failed = results.find((result) => !result.passed);
  if (failed === undefined) {
    forgetFailures(exercise.id);
    return { ...common(exercise), passed: true, story: "", hint: null, diagnosis: null, ...count(results) };
  }
  const last = failed.outcomes.at(-1);
  const diagnosis = last !== undefined && !last.ok ? (last.diagnosis ?? null) : null;
  const hint = chooseHint(exercise, countFailure(exercise.id), diagnosis);
  const story = tellStory(exercise.id, failed);
  return { ...common(exercise), passed: false, story, hint, diagnosis, ...count(results) };
}

function refuse(exercise: Exercise<unknown>, refusal: string): CheckResult {
  const hint = chooseHint(exercise, countFailure(exercise.id), null);
  const scenarios = tally(exercise.scenarios.map((scenario) => ({ scenario, outcomes: [], passed: false })));
  const stepsTotal = total(scenarios, "stepsTotal");
  const failure = { passed: false, story: refusal, hint, diagnosis: null, scenarios };
  return { ...common(exercise), ...failure, stepsPassed: 0, stepsTotal };
}

function common(exercise: Exercise<unknown>): Pick<CheckResult, "id" | "title" | "points" | "starterSteps"> {
  const { id, title, points } = exercise;
  return { id, title, points, starterSteps: exercise.starterSteps ?? null };
}

function count(results: ScenarioResult[]): Pick<CheckResult, "scenarios" | "stepsPassed" | "stepsTotal"> {
  const scenarios = tally(results);
  return {
    scenarios,
    stepsPassed: total(scenarios, "stepsPassed"),
    stepsTotal: total(scenarios, "stepsTotal"),
  };
}

function total(scenarios: CheckResult["scenarios"], field: "stepsPassed" | "stepsTotal"): number {
  return scenarios.reduce((sum, scenario) => sum + scenario[field], 0);
}
