// What every part of the bench gives: figures with their intervals, or the reason why there is none.

/** One line of the report. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly unit: string;
  readonly samples: number;
  /** The goal in words, and whether the median meets it; null where there is none. */
  readonly goal: { readonly text: string; readonly met: boolean } | null;
}

/** A figure that there is not, and why. */
export interface Missing {
  readonly what: string;
  readonly reason: string;
}

type AnyExperiment<Outcome> = import("../measure/index.js").Experiment<{ readonly rounds: number }, Outcome>;

/** Runs an experiment and turns its outcome into figures; a machine that is not fit for it gives a reason instead. */
export async function measured<Outcome>(
  what: string,
  experiment: AnyExperiment<Outcome>,
  figures: (outcome: Outcome) => Promise<Figure[]>,
): Promise<(Figure | Missing)[]> {
  const { noGuess, runExperiment } = await import("../measure/index.js");
  const guess = noGuess(experiment.unit);
  const result = await runExperiment(experiment, {
    guess,
    gate: { waitMs: 60_000 },
    replay: false,
    onProgress: () => {},
  });
  if (result.status === "ok") return figures(result.outcome);
  return [{ what, reason: `${result.reason} -> ${result.next}` }];
}

export async function figureOf(
  what: string,
  samples: readonly number[],
  unit: string,
  goal: (value: number) => Figure["goal"] = () => null,
): Promise<Figure> {
  const { median, medianInterval } = await import("../stats/index.js");
  const value = median(samples);
  return { what, value, ...medianInterval(samples), unit, samples: samples.length, goal: goal(value) };
}

/** A figure, or what is missing, as one line. */
export function line(figure: Figure | Missing): string {
  if ("reason" in figure) return `${figure.what}: no figure: ${figure.reason}`;
  const { what, value, low, high, unit, samples, goal } = figure;
  const interval = `[${low.toPrecision(3)}, ${high.toPrecision(3)}]`;
  const verdict = goal === null ? "" : `  goal ${goal.text}: ${goal.met ? "met" : "missed"}`;
  return `${what.padEnd(48)} ${value.toPrecision(3).padStart(6)} ${unit.padEnd(10)} ${interval.padEnd(16)} n=${samples}${verdict}`;
}
