// C between backticks in a cell. clang and the verifier count lines from the text's own beginning; the reader sees the
// cell's. So a text remembers where each of its lines was written, and whoever quotes one says that place.

/** A C text and where each of its lines stands. Made by the tag `cText`. */
export interface CText {
  readonly text: string;
  /** The cell or file it was written in: `In[3]`, or a file's address. */
  readonly place: string;
  /** By the text's own lines, the first at 0: the line of the cell, from 1. Inserted text counts as the line it was inserted in. */
  readonly lines: readonly number[];
}

/**
 * A C text in a cell. What stands between the backticks is taken letter for letter, `\n` in a C string too; `${...}`
 * inserts a number, a text or another C text.
 *
 * @returns The text, for `tryXdp`; nothing is compiled yet. `xdp` and `bpf` compile and load in one step.
 */
export function cText(parts: TemplateStringsArray, ...values: readonly (string | number | CText)[]): CText {
  return writtenAt(callerOf(cText), parts, values);
}

/** Puts a template together. @param at the place of its tag, from `callerOf` */
export function writtenAt(
  at: { readonly place: string; readonly line: number },
  parts: TemplateStringsArray,
  values: readonly (string | number | CText)[],
): CText {
  let text = "";
  let line = at.line;
  const lines = [line];
  parts.raw.forEach((part, i) => {
    text += part;
    for (let n = newlines(part); n > 0; n--) lines.push(++line);
    if (i === values.length) return;
    const value = values[i];
    const inserted = typeof value === "object" ? value.text : String(value);
    text += inserted;
    for (let n = newlines(inserted); n > 0; n--) lines.push(line);
  });
  return { text, place: at.place, lines };
}

function newlines(text: string): number {
  return text.split("\n").length - 1;
}

/** `In[3]:7:11` of a notebook's cell, or `file:///x.mjs:7:11` of a script. */
const FRAME = /(?:^|[\s(])([^\s(]+):(\d+):\d+\)?$/;

/** Where a tag was used. @param tag the function whose caller is meant */
// biome-ignore lint/complexity/noBannedTypes: Error.captureStackTrace takes any function.
export function callerOf(tag: Function): { readonly place: string; readonly line: number } {
  const trace = new Error("where");
  Error.captureStackTrace(trace, tag);
  const [, place = "the text", line = "1"] = FRAME.exec((trace.stack ?? "").split("\n")[1] ?? "") ?? [];
  return { place, line: Number(line) };
}

/** A text as clang wants it. */
export function plainText(text: string | CText): string {
  return typeof text === "string" ? text : text.text;
}

/** The line of the cell for a line of the text; a plain text's lines are their own. */
export function lineOf(text: string | CText, line: number): number {
  return typeof text === "string" ? line : (text.lines[line - 1] ?? line);
}

/** What stands in a line, as `lineOf` counts; empty where the text has no such line. */
export function quoteLine(text: string | CText, line: number): string {
  const at = typeof text === "string" ? line - 1 : text.lines.indexOf(line);
  return (plainText(text).split("\n")[at] ?? "").trim();
}

const TEXT_PLACE = /<stdin>:(\d+)/g;

/** A log of clang or of the kernel, with a cell's lines in place of its text's. @param name of a plain text */
export function placeLog(text: string | CText, log: string, name: string): string {
  const place = typeof text === "string" ? name : text.place;
  const placed = log.replaceAll(TEXT_PLACE, (_, line) => `${place}:${lineOf(text, Number(line))}`);
  return placed.replaceAll("<stdin>", place);
}

/** What to call a text in a message. @param name for a plain text; one from a cell has its place */
export function nameOf(text: string | CText, name: string): string {
  return typeof text === "string" ? name : `the C text of ${text.place}`;
}
