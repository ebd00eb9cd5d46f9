// How far a measurement is, below the cell that runs it: one line that changes in place.

import { type ProgressLine, progressText, showProgressWith } from "../measure/index.js";
import { liveDisplay } from "./display.js";
import { notebookDisplay } from "./host.js";

/** From now on measurements show their progress below the running cell. Does nothing outside a notebook. */
export function showProgressInNotebook(): void {
  if (notebookDisplay() !== null) showProgressWith(lineBelowCell);
}

function lineBelowCell(): ProgressLine {
  const line = liveDisplay();
  return {
    show(progress) {
      line.update({ [Symbol.for("Jupyter.display")]: () => ({ "text/plain": progressText(progress) }) });
    },
    finish: line.finish,
  };
}
