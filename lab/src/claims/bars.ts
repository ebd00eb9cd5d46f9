// A claim that rests on counts has the same figure each time: a bar for each count, with the result's machine below.
import { provenance, type Result } from "../measure/index.js";
import { barFigure, type Figure } from "../plot/index.js";

/**
 * Draws what one result counted.
 *
 * @param label of the axis, what a bar's length is
 * @param bars name and count, from top to bottom
 */
export function countBars(
  result: Result<unknown>,
  title: string,
  label: string,
  bars: readonly (readonly [string, number])[],
): Figure {
  return barFigure({
    title,
    provenance: provenance(result),
    axis: { label, unit: "", scale: "linear" },
    bars: bars.map(([name, value]) => ({ name, value })),
  });
}
