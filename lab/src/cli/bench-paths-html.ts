// The parts of which the pages of "bench paths" are made.
import { escapeXml, htmlTable } from "../plot/index.js";
import type { Slide } from "./bench-paths-figures.js";

/** A document, and the figures in it, each of which may stand alone. */
export interface Page {
  readonly html: string;
  readonly slides: readonly Slide[];
}

/** A table that scrolls where it is wider than the page. */
export function table(names: readonly string[], rows: readonly (readonly string[])[]): string {
  const columns = names.map((name) => ({ name }));
  return `<div class="wide">${htmlTable(columns, rows).html}</div>`;
}

/** Lines of text, each a point; nothing where there is none. */
export function list(lines: readonly string[]): string {
  if (lines.length === 0) return "";
  return `<ul>${lines.map((line) => `<li>${escapeXml(line)}</li>`).join("")}</ul>`;
}

/** Text as it is. */
export function paragraph(words: string): string {
  return `<p>${escapeXml(words)}</p>`;
}

/** What stands where a figure would be. */
export function refusal({ reason, next }: { readonly reason: string; readonly next: string }): string {
  return paragraph(`No figure: ${reason} -> ${next}`);
}
