import { recordGuess } from "../progress/index.js";
import { runInChild } from "./child-process.js";
import { type Environment, recordEnvironment } from "./environment.js";
import type { Experiment } from "./experiment.js";
import { GATE_LIMITS, type GateLimits } from "./gate.js";
import { notebookSignal } from "./interrupt.js";
import type { Ending, Progress } from "./messages.js";
import { type Guess, guessIn, judgeGuess } from "./predict.js";
import { openProgressLine } from "./progress.js";
import { replay } from "./record/replay.js";
import {
  type MeasuredResult,
  type NoResult,
  provenance,
  type Result,
  resultId,
  type WhyNot,
} from "./result.js";
import { saveResult } from "./save.js";
import { takeTurn } from "./turn.js";

/** What every measurement takes beside its own parameters. */
export interface RunOptions {
  /** What you expect, from `predict`: it cannot be left out. */
  readonly guess: Guess;
  /** Stops the run within 300 ms. In a notebook the stop button does so anyway. */
  readonly signal?: AbortSignal;
  /** Told how far it is, ten times a second at most; a line below the cell unless given. */
  readonly onProgress?: (progress: Progress) => void;
  /** What counts as a quiet machine; measuring.md's limits unless given. The result says which. */
  readonly gate?: Partial<GateLimits>;
  /** Repeats the random order of an earlier run. */
  readonly seed?: number;
  /** False where only this machine's own figures will do: then nothing recorded stands in for what it cannot measure. */
  readonly replay?: boolean;
}

/** Options of an experiment: its parameters, each of which has a default, and those of every run. */
export type Options<Params extends object> = RunOptions & Partial<Params>;

// Two measurements at once would measure each other, so they queue.
let queue: Promise<unknown> = Promise.resolve();

/**
 * Runs an experiment in a child process and saves what came of it.
 *
 * @param experiment the default export of a file in `experiments/`
 * @param options the guess, and what is to differ from the experiment's defaults
 * @returns Figures, or why there are none: a busy machine and a pressed stop button are answers, not errors.
 * @throws TypeError where the guess is missing or in a unit of another kind; Error where the experiment failed.
 */
export function runExperiment<Params extends object, Outcome>(
  experiment: Experiment<Params, Outcome>,
  options: Options<Params>,
): Promise<Result<Outcome>> {
  guessIn(options?.guess, experiment.unit);
  const { guess, signal = notebookSignal(), onProgress, gate, seed = freshSeed(), ...rest } = options;
  const { replay: mayReplay = true, ...own } = rest;
  const params = { ...experiment.defaults, ...own } as Params;
  const run = async (): Promise<Result<Outcome>> => {
    const environment = recordEnvironment();
    const message = {
      type: "run",
      module: experiment.module,
      params,
      seed,
      gate: { ...GATE_LIMITS, ...gate },
    } as const;
    const line =
      onProgress === undefined ? openProgressLine() : { show: onProgress, finish: () => undefined };
    const stop = signal ?? new AbortController().signal;
    const giveBack = await takeTurn(experiment.name, stop, (ahead) => line.show(waiting(ahead)));
    try {
      const ending = await runInChild(message, stop, line.show);
      const stoodIn = mayReplay ? standIn(experiment, ending, params, guess) : null;
      return stoodIn ?? finish(experiment, ending, environment, { params, seed, guess });
    } finally {
      giveBack();
      line.finish();
    }
  };
  const turn = queue.then(run, run);
  queue = turn.catch(() => undefined);
  return turn;
}

function waiting(ahead: number): Progress {
  return { done: 0, text: `waiting for the machine, which others measure on: ${ahead} before you` };
}

/** A recorded result in place of one that this machine cannot measure; the line below the cell says so. */
function standIn<Params extends object, Outcome>(
  experiment: Experiment<Params, Outcome>,
  ending: Ending,
  params: Params,
  guess: Guess,
): Result<Outcome> | null {
  const lack = lackIn(ending);
  if (lack === null) return null;
  const result = replay(experiment, params, guess, lack);
  if (result === null) return null;
  if (Number.isFinite(guess.high)) keepGuess(result);
  console.log(
    `Not measured here: ${lack.reason}. Shown instead: recorded on ${result.recorded!.on} -> to measure it, ${lack.next}`,
  );
  return result;
}

/** What the machine or the user lacks for a measurement; null where it ended in any other way. */
function lackIn(ending: Ending): WhyNot | null {
  if (ending.type === "refused") return ending.missing ? ending : null;
  if (ending.type !== "failed" || !ending.missing) return null;
  const [reason, next = "run npx ringside doctor to see what is missing"] =
    ending.error.message.split(" -> ");
  return { reason: reason!, next };
}

function finish<Params extends object, Outcome>(
  experiment: Experiment<Params, Outcome>,
  ending: Ending,
  environment: Environment,
  { params, seed, guess }: { params: Params; seed: number; guess: Guess },
): Result<Outcome> {
  if (ending.type === "failed") throw revive(ending.error);
  const id = resultId(experiment.name, environment.date, { environment, params, seed, ending });
  const { name, question, unseen } = experiment;
  const base = { id, experiment: name, question, environment, params, seed, unseen };
  const result: Result<Outcome> = { ...base, ...conclude(experiment, ending, guess) };
  saveResult(result);
  if (result.status === "ok" && Number.isFinite(guess.high)) keepGuess(result);
  return result;
}

/** Whether guesses come nearer is seen at the end of the course, so each is kept with what it was about. */
function keepGuess(result: MeasuredResult<unknown>): void {
  const { verdict, measured, guess } = result.guess;
  const { machine, kernel } = provenance(result);
  const { id, experiment, question, params } = result;
  recordGuess({ experiment, question, params, ...guess, measured, verdict, result: id, machine, kernel });
}

type Conclusion<Outcome> =
  | Pick<MeasuredResult<Outcome>, "status" | "outcome" | "guess" | "run">
  | Pick<NoResult, "status" | "reason" | "next">;

function conclude<Params extends object, Outcome>(
  experiment: Experiment<Params, Outcome>,
  ending: Exclude<Ending, { type: "failed" }>,
  guess: Guess,
): Conclusion<Outcome> {
  switch (ending.type) {
    case "aborted":
      return { status: "aborted", reason: "it was stopped before the end", next: "run the cell again" };
    case "refused":
      return { status: "refused", reason: ending.reason, next: ending.next };
    case "ok": {
      const outcome = ending.outcome as Outcome;
      const judged = judgeGuess(guess, experiment.headline(outcome), experiment.unit);
      return { status: "ok", outcome, guess: judged, run: ending.facts };
    }
  }
}

/** The child's error with its own name, fields and stack. */
function revive({ name, message, stack, details }: Extract<Ending, { type: "failed" }>["error"]): Error {
  return Object.assign(new Error(message), details, { name, stack });
}

function freshSeed(): number {
  return Math.floor(Math.random() * 2 ** 31);
}
