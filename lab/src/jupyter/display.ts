// Shows what a cell wants seen: a figure once, or a live picture that changes while something runs. Without a notebook
// around it, the text beside the picture is printed instead, so that a script that uses the lab still says what it saw.

import { notebookDisplay } from "./host.js";

/** A picture that is replaced in place. */
export interface LiveDisplay {
  /**
   * Shows `what` now, or, when the last picture is less than 100 ms old, as soon as it is; of several that wait, the last.
   * @throws TypeError where `what` cannot show itself
   */
  update(what: object): void;
  /** Shows at once what still waits. Call it when the work is over. */
  finish(): void;
}

/** The method by which figures, tables and verdicts show themselves: text and pictures by MIME type. */
const SHOW_YOURSELF: symbol = Symbol.for("Jupyter.display");

/** Ten pictures a second: smooth to the eye, and little for the browser to draw. */
const MIN_INTERVAL_MS = 100;

/**
 * Shows something below the cell that is running.
 *
 * @param what a figure, a table, a report: anything with a `[Symbol.for("Jupyter.display")]` method
 * @throws TypeError where it has none
 */
export function display(what: object): void {
  const bundle = bundleOf(what);
  const show = notebookDisplay();
  if (show === null) console.log(bundle["text/plain"] ?? "");
  else show(bundle, undefined, false);
}

/**
 * Opens a place below the running cell for a picture that changes. Its first `update` fills it; at most ten a second are
 * drawn, and the last one always is. In a script, `finish` prints the text of the last one.
 */
export function liveDisplay(): LiveDisplay {
  const show = notebookDisplay();
  const id = `ringside-live-${Date.now().toString(36)}-${nextId++}`;
  let last: Record<string, string> = {};
  let shown = false;
  const place = atMostEvery(MIN_INTERVAL_MS, (what) => {
    last = bundleOf(what);
    show?.(last, id, shown);
    shown = true;
  });
  if (show !== null) return place;
  const finish = (): void => {
    place.finish();
    console.log(last["text/plain"] ?? "");
  };
  return { ...place, finish };
}

let nextId = 0;

function bundleOf(what: object): Record<string, string> {
  const method = (what as Record<symbol, unknown>)[SHOW_YOURSELF];
  if (typeof method !== "function") {
    throw new TypeError(
      `Cannot display a ${what.constructor?.name ?? "value"}: it has no Jupyter.display method -> display a figure, or print it with console.log`,
    );
  }
  return method.call(what) as Record<string, string>;
}

/** Lets one picture through each `intervalMs`; of those that come too soon, the last waits for its turn. */
function atMostEvery(intervalMs: number, draw: (what: object) => void): LiveDisplay {
  let waiting: object | null = null;
  let timer: NodeJS.Timeout | null = null;
  let drawnAt = Number.NEGATIVE_INFINITY;

  function finish(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (waiting === null) return;
    const what = waiting;
    waiting = null;
    drawnAt = performance.now();
    draw(what);
  }

  function update(what: object): void {
    waiting = what;
    const wait = drawnAt + intervalMs - performance.now();
    if (wait <= 0) finish();
    else timer ??= setTimeout(finish, wait);
  }

  return { update, finish };
}
