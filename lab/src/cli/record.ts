import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { basename } from "node:path";
import type { Environment, Recording, Result } from "../measure/index.js";
import { runFile, runSummary } from "./notebook-runs.js";
import { findNotebook, notebookSlugs } from "./notebooks.js";
import { STATE_FOLDER } from "./place.js";
import { targetFile, writeTarget } from "./target.js";
import { type Request, UsageError, type Verb } from "./verb.js";

export const record: Verb = {
  name: "record",
  summary: "run notebooks and keep what they measured, with this machine's name on it",
  operands: "[notebook...]",
  options: {
    all: { type: "boolean", help: "record every notebook, in reading order" },
    to: { type: "string", placeholder: "file", help: "keep it there; else in .ringside/recordings" },
    name: { type: "string", placeholder: "words", help: "what figures call this machine" },
    share: {
      type: "string",
      placeholder: "file",
      help: "also write what is kept to one file to send to others",
    },
  },
  details: `Runs the notebooks live and keeps every result that was measured, with kernel, CPU and date; where the file holds earlier
results of this machine, newer ones take their place. Where another machine lacks what a measurement takes, its notebooks show
the newest recording that fits, and an emulated machine's only where no other does. A shared file names your processor, kernel, mitigations and versions; it holds no host
name, no user name and no path. See what it says before you send it: it is text.

  npx ringside record 11 20
  npx ringside record --share mine.json
  npx ringside compare mine.json theirs.json`,
  run: recordNotebooks,
};

async function recordNotebooks(request: Request): Promise<number> {
  const names = request.flag("all") ? notebookSlugs() : request.operands;
  const share = request.value("share");
  const shared = share === undefined ? null : targetFile("--share", share);
  if (names.length === 0 && share === undefined) {
    throw new UsageError(
      "Cannot record: no notebook is named -> npx ringside record 11, or npx ringside record --all",
    );
  }
  const { recordEnvironment } = await import("../measure/index.js");
  const file = await fileFor(request, recordEnvironment());
  let done = true;
  for (const path of names.map(findNotebook)) done = (await recordOne(path, file, request)) && done;
  if (shared !== null) shareIt(file, shared);
  return done ? 0 : 1;
}

/** The machine's own file: one for each kernel and processor. */
async function fileFor(request: Request, { kernel, cpuModel }: Environment): Promise<string> {
  const { OWN_RECORDINGS } = await import("../measure/index.js");
  const to = request.value("to");
  if (to !== undefined) return targetFile("--to", to);
  const slug = `${cpuModel} linux ${kernel.split(" ")[0]}`.toLowerCase().replace(/[^a-z0-9.]+/g, "-");
  return targetFile("the file", `${OWN_RECORDINGS}${slug}.json`);
}

/** @returns whether the notebook ran to its end and everything in it was measured */
async function recordOne(path: string, file: string, request: Request): Promise<boolean> {
  const { PROGRESS_VARIABLE } = await import("../progress/index.js");
  const { RESULTS_VARIABLE } = await import("../measure/index.js");
  mkdirSync(STATE_FOLDER, { recursive: true, mode: 0o700 });
  const folder = mkdtempSync(`${STATE_FOLDER}/recording-${process.pid}-`);
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove);
  // The kernel inherits both; a recording is no learner's work.
  process.env[PROGRESS_VARIABLE] = "off";
  process.env[RESULTS_VARIABLE] = folder;
  try {
    const run = await runFile(path);
    const results = readdirSync(folder).map(
      (name) => JSON.parse(readFileSync(`${folder}/${name}`, "utf8")) as Result<unknown>,
    );
    const kept = await keep(file, results, basename(path, ".ipynb"), request.value("name"));
    console.log(`${runSummary(run)}; ${kept} results kept`);
    const missed = results.filter(({ status }) => status !== "ok");
    for (const result of missed) {
      if (result.status !== "ok")
        console.log(`  not ${result.experiment}: ${result.reason} -> ${result.next}`);
    }
    return run.ok && missed.length === 0;
  } finally {
    delete process.env[RESULTS_VARIABLE];
    process.removeListener("exit", remove);
    remove();
  }
}

/** Adds results to a file; of one experiment with the same parameters the new one stays. @returns how many are new */
async function keep(
  file: string,
  results: readonly Result<unknown>[],
  notebook: string,
  name: string | undefined,
): Promise<number> {
  const measure = await import("../measure/index.js");
  const environment = measure.recordEnvironment();
  const former = existing(file, measure.readRecording);
  if (former !== null) refuseForeign(former, environment, file);
  const cpus = `${environment.cpuCount} CPU${environment.cpuCount === 1 ? "" : "s"}`;
  const notebooks = [...new Set([...(former?.notebooks ?? []), notebook])].sort();
  const virtual = environment.emulated ? "an emulated machine" : "a virtual machine";
  const machine = environment.hypervisor === "none seen" ? "a machine" : virtual;
  const fresh = measure.makeRecording(
    {
      name: name ?? former?.name ?? `${machine} of ${cpus}`,
      date: environment.date,
      command: `npx ringside record ${notebooks.map((slug) => /^\d\d(?=-)/.exec(slug)?.[0] ?? slug).join(" ")}`,
      environment,
      notebooks,
    },
    results,
  );
  if (fresh.results.length === 0) return 0;
  const merged = former === null ? fresh : measure.mergeRecordings(former, fresh);
  writeTarget(file, measure.formatRecording(merged));
  return fresh.results.length;
}

function existing(file: string, read: (file: string) => Recording): Recording | null {
  try {
    return read(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

function refuseForeign({ environment: theirs, name }: Recording, ours: Environment, file: string): void {
  if (theirs.kernel === ours.kernel && theirs.cpuModel === ours.cpuModel) return;
  throw new Error(
    `Cannot add to ${file}: it is of ${name} with ${theirs.cpuModel}, Linux ${theirs.kernel.split(" ")[0]}, not of this machine -> name another file with --to`,
  );
}

function shareIt(file: string, target: string): void {
  if (!existsSync(file)) {
    throw new Error(
      `Cannot share ${file}: nothing of this machine is recorded yet -> npx ringside record --all --share ${target}`,
    );
  }
  writeTarget(target, readFileSync(file, "utf8"));
  console.log(`Written to ${target}. Whoever gets it: npx ringside compare ${basename(target)} <another>`);
}
