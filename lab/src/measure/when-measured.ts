import { JUPYTER_DISPLAY } from "../plot/index.js";
import { provenance, type Result, type ResultProvenance } from "./result.js";

/** What a cell can show. */
export interface Shown {
  [JUPYTER_DISPLAY](): Record<string, string>;
}

/**
 * Draws a result, or says why there is nothing to draw: no figure is better than a wrong one.
 *
 * @param result what a measurement returned
 * @param draw makes the figure from the outcome; it gets the provenance for the footer
 * @returns The figure, or one line with the reason and the next step.
 */
export function whenMeasured<Outcome, Drawn extends Shown>(
  result: Result<Outcome>,
  draw: (outcome: Outcome, from: ResultProvenance) => Drawn,
): Drawn | Shown {
  if (result.status === "ok") return draw(result.outcome, provenance(result));
  const text = `No figure for "${result.question}": ${result.reason} -> ${result.next}`;
  return { [JUPYTER_DISPLAY]: () => ({ "text/plain": text, "text/markdown": `**No figure.** ${text}` }) };
}
