// A measurement that takes seconds says how far it is. Where that line appears is not measure's business: a notebook
// replaces one line below the cell, a terminal rewrites one, a script says nothing.
import type { Progress } from "./messages.js";

/** A place for one line that changes. */
export interface ProgressLine {
  show(progress: Progress): void;
  /** The run is over: the line may go. */
  finish(): void;
}

let open: () => ProgressLine = terminalLine;

/** Says where progress appears from now on, e.g. below a notebook's cell. */
export function showProgressWith(opener: () => ProgressLine): void {
  open = opener;
}

/** Opens a line for one run. */
export function openProgressLine(): ProgressLine {
  return open();
}

/** `42 %  round 9 of 21` */
export function progressText({ done, text }: Progress): string {
  return `${Math.round(done * 100)
    .toString()
    .padStart(3)} %  ${text}`;
}

const CLEAR_LINE = "\r\x1b[K";

function terminalLine(): ProgressLine {
  const write = (text: string): void => {
    if (process.stderr.isTTY) process.stderr.write(text);
  };
  return {
    show: (progress) => write(CLEAR_LINE + progressText(progress)),
    finish: () => write(CLEAR_LINE),
  };
}
