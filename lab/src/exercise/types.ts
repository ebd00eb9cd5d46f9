// An exercise is data: scenarios, each a list of steps; hints, from a nudge to nearly the answer; and the
// mistakes that people are known to make, each with a hint of its own. It knows no test framework, so the
// same suite judges a learner's cell, our own solution and the wrong answers that we plant.

/** What a step saw. `expected` and `got` complete "expected ..., your code ...". */
export type Outcome =
  | { ok: true; seen?: string }
  | { ok: false; expected: string; got: string; diagnosis?: string };

/** One action on the learner's code, and what is expected of it. */
export interface Step<S> {
  /** What the suite does, as the story shall tell it: `reserve 4`. */
  action: string;
  play(state: S): Outcome | Promise<Outcome>;
  /** Longest time that a promise may take, in ms; 2 s unless given. More where the judge asks the kernel. */
  limitMs?: number;
}

/** A story with a beginning (`given`, step 0) and steps that build on each other; it ends at the first that fails. */
export interface Scenario<T, S = unknown> {
  name: string;
  given: string;
  start(mine: T): S;
  steps: readonly Step<S>[];
  /** Asks the kernel what a model was asked before, and takes a while: played only where all before it passed. */
  isLive?: boolean;
}

/** A known mistake: a step that recognises it names it, and its hint is shown. */
export interface WrongAnswer {
  /** In a few words, lower case: `forgets to refill`. */
  name: string;
  hint: string;
}

/** One exercise of the course. `T` is what the learner hands in. */
export interface Exercise<T> {
  /** `<notebook>/<exercise>`: `33-af-xdp/receive-loop`. */
  id: string;
  title: string;
  points: number;
  /** What the machine must have, by probe name; empty where any machine will do. */
  needs: readonly string[];
  /** From the first nudge to the last one before the answer; never the answer. */
  hints: readonly string[];
  wrongAnswers: readonly WrongAnswer[];
  /** Returns what is wrong with the kind of thing handed in, or null where the scenarios can start. */
  refuses(mine: unknown): string | null;
  scenarios: readonly Scenario<T>[];
  /**
   * How many steps the notebook's untouched starter passes, for "3 of 8 steps pass before you begin". A test plays the
   * starter and holds this to it.
   */
  starterSteps?: number;
  /** True where an async function is asked for. Others are not called: a loop after their first `await` could not be stopped. */
  mayBeAsync?: boolean;
}

/** How many steps an exercise has, over all its scenarios. */
export function stepCount({ scenarios }: Pick<Exercise<never>, "scenarios">): number {
  return scenarios.reduce((sum, { steps }) => sum + steps.length, 0);
}

/** The step held. @param seen what to show behind the action: `cursor 0` */
export function saw(seen?: string): Outcome {
  return seen === undefined ? { ok: true } : { ok: true, seen };
}

/**
 * The step failed.
 *
 * @param expected completes "expected ..."
 * @param got completes "your code ..."
 * @param diagnosis the wrong answer's name, where this can only come from that mistake
 */
export function mismatch(expected: string, got: string, diagnosis?: string): Outcome {
  return diagnosis === undefined ? { ok: false, expected, got } : { ok: false, expected, got, diagnosis };
}

/** Builds a scenario; it only lends its state's type to the steps. */
export function scenario<T, S>(spec: Scenario<T, S>): Scenario<T> {
  return spec;
}
