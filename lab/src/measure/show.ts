import { type Displayable, JUPYTER_DISPLAY } from "../plot/index.js";
import type { Result } from "./result.js";

/**
 * Draws a result, or says why there is nothing to draw: a refused measurement must not leave a picture that looks
 * like one.
 *
 * @param draw makes the figure from what was measured
 * @returns The figure, or one paragraph with the reason and the next step.
 */
export function figureOf<Outcome>(
  result: Result<Outcome>,
  draw: (outcome: Outcome) => Displayable,
): Displayable {
  if (result.status === "ok") return draw(result.outcome);
  const text = `No figures: ${result.question} was ${result.status}, for ${result.reason} -> ${result.next}`;
  return {
    [JUPYTER_DISPLAY]: () => ({ "text/markdown": `> **No figures.** ${text.slice(12)}`, "text/plain": text }),
  };
}
