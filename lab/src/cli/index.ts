/**
 * cli: how does a person or a script drive the lab from a terminal? One file per verb, each a piece of data and a
 * function (`verb.ts`, read it first); `verbs.ts` lists them. The verbs are thin: what they do is in the other modules.
 * No notebook uses it. It leaves out every flag that a verb can do without.
 */
export { belowLines } from "./bench-paths-below.js";
export type { Page } from "./bench-paths-html.js";
export { pathsJson } from "./bench-paths-json.js";
export { orderWords } from "./bench-paths-order.js";
export { comparisonPage, sweepPage } from "./bench-paths-page.js";
export { rateLines } from "./bench-paths-rates.js";
export { ratesPage } from "./bench-paths-rates-page.js";
export { type PathsRequest, pathsRequest } from "./bench-paths-request.js";
export { sendingLines } from "./bench-paths-sending.js";
export { bakeOffLines, languageLine, sweepLines } from "./bench-paths-tables.js";
export { type Command, understand } from "./command-line.js";
export { describeFailure, type Failure } from "./failure.js";
export { overview, verbHelp } from "./help.js";
export { nearest } from "./nearest.js";
export { chooseNotebook, findNotebook } from "./notebooks.js";
export { runCommandLine } from "./run-command-line.js";
export { targetFile, targetFolder, writeTarget } from "./target.js";
export { JSON_OPTION, type Option, type Request, UsageError, type Verb } from "./verb.js";
export { verbs } from "./verbs.js";
