/**
 * grade: does the answer in a notebook file pass, judged from outside the notebook?
 * Read `judge.ts` first (one answer, in a kernel of its own), then `class.ts` (a folder of notebooks) and `table.ts` (what comes
 * out). `ringside check` and `ringside grade` use it; no notebook does. It leaves out the exercises themselves (`exercise`), and
 * defence against malice: a notebook's code runs with the rights of whoever grades it, so strangers' notebooks belong in a VM.
 */
export { type ClassSpec, type GradedNotebook, gradeFolder } from "./class.js";
export { type Judged, judgeAnswer } from "./judge.js";
export { csvLines, NO_EXERCISE, toCsv, toHtml } from "./table.js";
