// The comparison of every way to a program, as a table for people and JSON for programs.
import { join } from "node:path";
import type { Result, RunOptions } from "../measure/index.js";
import type { PathName } from "../paths/index.js";
import { belowLines } from "./bench-paths-below.js";
import type { Page } from "./bench-paths-html.js";
import { pathsJson } from "./bench-paths-json.js";
import { atRates, type Comparison, compare, type Fixed, type Sweep, sweep } from "./bench-paths-measure.js";
import { rateLines } from "./bench-paths-rates.js";
import { LOAD_OPTIONS, type PathsRequest, pathsRequest } from "./bench-paths-request.js";
import { sendingLines } from "./bench-paths-sending.js";
import { bakeOffLines, languageLine, sweepLines } from "./bench-paths-tables.js";
import { publishedLines } from "./published-rates.js";
import { targetFolder, writeTarget } from "./target.js";
import { JSON_OPTION, type Request, type Verb } from "./verb.js";

export const benchPaths: Verb = {
  name: "bench paths",
  summary: "compare every way for a packet to reach a program",
  operands: "[path...]",
  options: {
    json: JSON_OPTION,
    ...LOAD_OPTIONS,
    save: {
      type: "string",
      placeholder: "folder",
      help: "write figures there, as paths.html and one .svg each",
    },
  },
  details: `For each path: packets a second at the maximum load and without loss, latency, system calls, buffers and CPU a packet; then its
loop in TypeScript against the same in C, in turns; the injector against a loop in C; and how long a loop that never sleeps is
not there. The options of the load bear on the first of these, and on the ways out. Takes minutes for all paths. Waits for a quiet machine, and says so where it does not get one. Needs root.

  npx ringside bench paths xdp-need-wakeup udp-recvmmsg
  npx ringside bench paths --imix --touch all --save /tmp/ringside
  npx ringside bench paths --sweep bytes xdp-drop xdp-need-wakeup udp-recvmmsg
  npx ringside bench paths --rate 100000,1000000 xdp-need-wakeup udp-recvmmsg`,
  run: runBenchPaths,
};

async function runBenchPaths(request: Request): Promise<number> {
  const { pathOf, paths: known } = await import("../paths/index.js");
  const titleOf = (name: PathName): string => pathOf(name).title;
  const asked = pathsRequest(request, known);
  const typed = request.value("save");
  const folder = typed === undefined ? null : targetFolder("--save", typed);
  const { predict, recordEnvironment } = await import("../measure/index.js");
  // Nobody predicts here: the guess is only what a run cannot do without.
  const options = {
    guess: predict(1, "×"),
    gate: { waitMs: 60_000 },
    replay: false,
    onProgress: () => {},
  };
  const measured = await measure(asked, options);
  if (request.flag("json")) console.log(pathsJson(recordEnvironment(), measured));
  else print(measured, titleOf);
  if (folder !== null) {
    const files = save(folder, await pageOf(measured, titleOf));
    if (!request.flag("json")) console.log(`\nWritten: ${files.join(", ")}`);
  }
  return Object.values(measured).every((part) => part === undefined || part.status === "ok") ? 0 : 1;
}

function measure(asked: PathsRequest, options: RunOptions): Promise<Comparison | Sweep | Fixed> {
  if (asked.ratesPps !== null) return atRates(asked, asked.ratesPps, options);
  return asked.sweep === null ? compare(asked, options) : sweep(asked.sweep, asked.paths, options);
}

function print(measured: Comparison | Sweep | Fixed, titleOf: (name: PathName) => string): void {
  if ("rates" in measured) printPart("at rates that were set", measured.rates, rateLines);
  else if ("sweep" in measured)
    printPart("what makes a packet dear", measured.sweep, (outcome) => sweepLines(outcome, titleOf));
  else printComparison(measured);
}

async function pageOf(
  measured: Comparison | Sweep | Fixed,
  titleOf: (name: PathName) => string,
): Promise<Page> {
  if ("rates" in measured) {
    const { ratesPage } = await import("./bench-paths-rates-page.js");
    return ratesPage(measured.rates);
  }
  const { comparisonPage, sweepPage } = await import("./bench-paths-page.js");
  return "sweep" in measured ? sweepPage(measured.sweep, titleOf) : comparisonPage(measured);
}

/** Writes a page, and each of its figures by itself. @returns the files */
function save(folder: string, { html, slides }: Page): string[] {
  const texts = new Map([
    ["paths.html", html],
    ...slides.map(({ name, figure }) => [`${name}.svg`, figure.svg] as const),
  ]);
  return [...texts].map(([name, text]) => {
    writeTarget(join(folder, name), text);
    return join(folder, name);
  });
}

function printComparison(comparison: Comparison): void {
  const { bakeOff, sending, languages, sendLanguages, injector, pollGaps } = comparison;
  printPart("paths", bakeOff, (outcome) => [...bakeOffLines(outcome), "", ...belowLines(outcome)]);
  if (sending !== undefined) printPart("the way out", sending, sendingLines);
  printPart("TypeScript against C, on one CPU", languages, ({ pairs }) => pairs.map(languageLine));
  if (sendLanguages !== undefined)
    printPart("TypeScript against C, sending", sendLanguages, ({ pairs }) => pairs.map(languageLine));
  printPart("injector against C", injector, ({ ratio, batch }) => [
    `${ratio.medianRatio.toFixed(3)} × [${ratio.low.toFixed(3)}, ${ratio.high.toFixed(3)}], C with batches of ${batch}, goal 0.98 ${ratio.medianRatio >= 0.98 ? "met" : "missed"}`,
  ]);
  printPart("gaps between two looks at an empty ring", pollGaps, ({ typescript, c, p999Ratio }) => [
    `TypeScript  p50 ${typescript.p50Ns} ns, p99.9 ${typescript.p999Ns} ns, ${typescript.above20Us} above 20 µs`,
    `C           p50 ${c.p50Ns} ns, p99.9 ${c.p999Ns} ns, ${c.above20Us} above 20 µs`,
    `p99.9 ratio ${p999Ratio.toFixed(1)} ×: a look in TypeScript is longer, since its clock and its histogram are; only gaps that are much longer than a look are pauses`,
  ]);
  printLines("published by others, on network cards unless it says a veth", publishedLines());
  printLines("what this wire cannot show", bakeOff.unseen);
}

function printLines(title: string, lines: readonly string[]): void {
  console.log(`\n${title}`);
  for (const line of lines) console.log(line);
}

function printPart<Outcome>(
  title: string,
  part: Result<Outcome>,
  lines: (outcome: Outcome) => readonly string[],
): void {
  console.log(`\n${title}`);
  if (part.status === "ok") for (const line of lines(part.outcome)) console.log(line);
  else console.log(`no figure: ${part.reason} -> ${part.next}`);
}
