// Some results are best read as a table. It takes the notebook's own colours, so it fits a light and a dark theme.

import { requireFinite } from "./check.js";
import { type Displayable, JUPYTER_DISPLAY } from "./display.js";
import { type Provenance, provenanceLine } from "./figure.js";
import { formatQuantity } from "./quantity.js";
import { escapeXml } from "./svg.js";

/** One column. */
export interface Column {
  readonly name: string;
  /** Unit of the numbers in it, e.g. `ns`; they are written with it. */
  readonly unit?: string;
}

/** Texts stand left, numbers right. */
export type Cell = string | number;

/** What stands around a table; each part may be left out. */
export interface TableOptions {
  readonly title?: string;
  readonly provenance?: Provenance;
}

/** A finished table in two forms. */
export interface Table extends Displayable {
  readonly html: string;
  readonly text: string;
}

/**
 * Writes a table as HTML and as text in columns.
 *
 * @param columns names, and units where a column holds numbers
 * @param rows each as many cells as there are columns
 * @throws RangeError where a row has another number of cells, or a number is not finite
 */
export function htmlTable(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  options: TableOptions = {},
): Table {
  rows.forEach((row, i) => {
    if (row.length !== columns.length) {
      throw new RangeError(
        `Cannot make a table: row ${i} has ${row.length} cells; there are ${columns.length} columns -> fill every cell, "" if empty`,
      );
    }
  });
  const written = rows.map((row, i) => row.map((cell, j) => writeCell(cell, columns[j], i)));
  const numeric = columns.map((_, j) => rows.some((row) => typeof row[j] === "number"));
  const html = writeHtml(columns, written, numeric, options);
  const text = writeText(columns, written, numeric, options);
  return { html, text, [JUPYTER_DISPLAY]: () => ({ "text/html": html, "text/plain": text }) };
}

function writeCell(cell: Cell, { name, unit = "" }: Column, row: number): string {
  if (typeof cell === "string") return cell;
  return formatQuantity(requireFinite(cell, `row ${row} of column "${name}"`), unit);
}

function writeHtml(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  numeric: readonly boolean[],
  { title, provenance }: TableOptions,
): string {
  const align = (j: number) => `style="text-align:${numeric[j] ? "right" : "left"};padding:4px 12px"`;
  const head = columns.map(({ name }, j) => `<th scope="col" ${align(j)}>${escapeXml(name)}</th>`);
  const body = rows.map(
    (row) => `<tr>${row.map((cell, j) => `<td ${align(j)}>${escapeXml(cell)}</td>`).join("")}</tr>`,
  );
  const caption = title
    ? `<caption style="caption-side:top;text-align:left;font-weight:bold;padding:4px 12px">${escapeXml(title)}</caption>`
    : "";
  const foot = provenance
    ? `<tfoot><tr><td colspan="${columns.length}" style="text-align:left;padding:4px 12px;opacity:0.8">${escapeXml(provenanceLine(provenance))}</td></tr></tfoot>`
    : "";
  return `<table>${caption}<thead><tr>${head.join("")}</tr></thead><tbody>${body.join("")}</tbody>${foot}</table>`;
}

function writeText(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  numeric: readonly boolean[],
  { title, provenance }: TableOptions,
): string {
  const names = columns.map((column) => column.name);
  const widths = names.map((name, j) => Math.max(name.length, ...rows.map((row) => row[j].length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, j) => (numeric[j] ? cell.padStart(widths[j]) : cell.padEnd(widths[j])))
      .join("  ")
      .trimEnd();
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  const lines = [line(names), rule, ...rows.map(line)];
  return [...(title ? [title] : []), ...lines, ...(provenance ? [provenanceLine(provenance)] : [])].join(
    "\n",
  );
}
