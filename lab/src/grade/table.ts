// What an instructor opens: one row an answer, as CSV for a spreadsheet and as one HTML page without script.

import { basename, dirname } from "node:path";
import { escapeXml } from "../plot/index.js";
import type { GradedNotebook } from "./class.js";
import type { Judged } from "./judge.js";

const COLUMNS = [
  "learner",
  "notebook",
  "exercise",
  "status",
  "points",
  "of",
  "steps",
  "of_steps",
  "reason",
] as const;

/** Why a file has no row of its own for an exercise. */
export const NO_EXERCISE = "the file is named after no notebook of the course and checks no exercise of it";

/** The rows in the order of COLUMNS. */
function rowsOf(graded: readonly GradedNotebook[]): (readonly (string | number)[])[] {
  return graded.flatMap(({ file, results }) => {
    const name = basename(file);
    const learner = dirname(file) === "." ? basename(file, ".ipynb") : dirname(file);
    if (results.length === 0) return [[learner, name, "", "missing", 0, 0, 0, 0, NO_EXERCISE]];
    return results.map((each) => [
      learner,
      name,
      each.exercise,
      each.status,
      each.points,
      each.maxPoints,
      each.stepsPassed,
      each.stepsTotal,
      each.reason,
    ]);
  });
}

/** Writes a class's grades as CSV. */
export function toCsv(graded: readonly GradedNotebook[]): string {
  return csvLines([COLUMNS, ...rowsOf(graded)]);
}

/** Writes CSV as RFC 4180 has it; a cell that a spreadsheet would take for a formula gets an apostrophe in front. */
export function csvLines(rows: readonly (readonly (string | number)[])[]): string {
  return `${rows.map((row) => row.map(csvCell).join(",")).join("\r\n")}\r\n`;
}

function csvCell(value: string | number): string {
  const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const STYLE = `
body { max-width: 70rem; margin: 2rem auto; padding: 0 1rem; font: 16px/1.5 system-ui, sans-serif; color: #1b1f24; background: #ffffff; }
table { border-collapse: collapse; width: 100%; } td, th { padding: .3rem .7rem; border-bottom: 1px solid #d0d7de; text-align: left; vertical-align: top; }
td.number { text-align: right; white-space: nowrap; } pre { white-space: pre-wrap; font: 13px/1.45 ui-monospace, monospace; margin: .3rem 0; }
.passed { color: #006b4e; } .other { color: #a84a00; }
`;

/** Writes the page: a table a notebook, each answer with its reason, and the story of its check to unfold. */
export function toHtml(graded: readonly GradedNotebook[], gradedAt: string): string {
  const points = sum(graded, "points");
  const most = sum(graded, "maxPoints");
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Grades</title>
<style>${STYLE}</style>
<body>
<h1>Grades</h1>
<p>${graded.length} notebooks, ${points} of ${most} points, graded ${escapeXml(gradedAt)}.</p>
${graded.map(notebookTable).join("\n")}
</body>
</html>
`;
}

function sum(graded: readonly GradedNotebook[], field: "points" | "maxPoints"): number {
  return graded.flatMap(({ results }) => results).reduce((total, result) => total + result[field], 0);
}

function notebookTable(notebook: GradedNotebook): string {
  const { file, results } = notebook;
  const total = `${sum([notebook], "points")} of ${sum([notebook], "maxPoints")} points`;
  const rows = results.map(resultRow).join("\n");
  const none = "<p>The file is named after no notebook of the course and checks no exercise of it.</p>";
  const head = "<tr><th>exercise<th>result<th>points<th>steps<th>reason</tr>";
  return `<h2>${escapeXml(file)}: ${total}</h2>\n${results.length === 0 ? none : `<table>${head}\n${rows}\n</table>`}`;
}

function resultRow({
  exercise,
  status,
  points,
  maxPoints,
  stepsPassed,
  stepsTotal,
  reason,
  report,
}: Judged): string {
  const story =
    report === "" ? "" : `<details><summary>the check</summary><pre>${escapeXml(report)}</pre></details>`;
  const kind = status === "passed" ? "passed" : "other";
  return `<tr><td>${escapeXml(exercise)}<td class="${kind}">${status}<td class="number">${points} of ${maxPoints}<td class="number">${stepsPassed} of ${stepsTotal}<td>${escapeXml(reason)}${story}</tr>`;
}
