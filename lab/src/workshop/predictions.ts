// What the room predicted, question by question, beside what it measured: the first guess of each learner and the result of
// that same run. Only what was measured is shown, so a histogram never tells anybody's guess before his own.

import type { RoomPrediction } from "../course/index.js";
import { type Provenance, roomFigure } from "../plot/index.js";
import { firstGuesses, guessName, type KeptGuess, type ProgressEntry } from "../progress/index.js";

/** The questions that the board has room for: the latest. */
const MOST_QUESTIONS = 6;

/**
 * @param stores what is kept of each learner
 * @returns one a question, the one that was answered last first
 */
export function roomPredictions(stores: readonly (readonly ProgressEntry[])[]): RoomPrediction[] {
  const byQuestion = new Map<string, KeptGuess[]>();
  for (const guess of stores.flatMap(firstGuesses)) {
    const asked = `${guess.experiment} ${guess.unit} ${JSON.stringify(guess.params)}`;
    byQuestion.set(asked, [...(byQuestion.get(asked) ?? []), guess]);
  }
  const latest = (guesses: readonly KeptGuess[]): string =>
    guesses
      .map(({ at }) => at)
      .sort()
      .at(-1)!;
  return [...byQuestion.values()]
    .sort((one, other) => latest(other).localeCompare(latest(one)))
    .slice(0, MOST_QUESTIONS)
    .map(draw);
}

function draw(guesses: readonly KeptGuess[]): RoomPrediction {
  const { question, unit, machine, kernel, at } = guesses[0]!;
  const name = guessName(guesses[0]!);
  const provenance: Provenance = { machine, kernel, mode: "live", date: at.slice(0, 10) };
  const { svg, text } = roomFigure({
    title: `What the room guessed: ${name}`,
    note: `${question} The first guess of each learner, and what that run measured.`,
    axis: { label: "guess and result", unit },
    guesses: guesses.map(({ low, high }) => ({ low, high })),
    measured: guesses.map(({ measured }) => measured),
    provenance,
  });
  return { question, experiment: name, learners: guesses.length, svg, text };
}
