import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { GradedNotebook } from "../grade/index.js";
import { STATE_FOLDER } from "./place.js";
import { targetFolder, writeTarget } from "./target.js";
import { JSON_OPTION, type Request, UsageError, type Verb } from "./verb.js";

const DEFAULT_LIMIT_S = 60;

export const grade: Verb = {
  name: "grade",
  summary: "grade a folder of learners' notebooks",
  operands: "<folder>",
  options: {
    limit: {
      type: "string",
      placeholder: "seconds",
      help: `time for one cell of an answer; ${DEFAULT_LIMIT_S} unless given`,
    },
    save: {
      type: "string",
      placeholder: "folder",
      help: "write grades.csv and grades.html there; else into the folder",
    },
    json: JSON_OPTION,
  },
  details: `Judges every answer of every .ipynb file below the folder, each in a kernel of its own: a notebook that loops, crashes or is
broken gets its row and its reason, and the next one is graded. An answer earns all its points or none. The folder is read
as one a learner (alice/33-af-xdp.ipynb), or as one file a learner. Some exercises need root.

The code in the notebooks runs with your rights. Grade strangers' work in a VM that you can throw away.

  npx ringside grade class/`,
  run: gradeClass,
};

async function gradeClass(request: Request): Promise<number> {
  const [folder] = request.operands;
  if (folder === undefined || request.operands.length > 1) {
    throw new UsageError("Cannot grade: it takes one folder -> npx ringside grade class/");
  }
  const limitMs = 1000 * parseLimit(request.value("limit"));
  const save = request.value("save");
  if (save !== undefined) targetFolder("--save", save);
  const { gradeFolder, toCsv, toHtml } = await import("../grade/index.js");
  const { PROGRESS_VARIABLE } = await import("../progress/index.js");
  // Whose answers these are, they are not the grader's own.
  process.env[PROGRESS_VARIABLE] = "off";
  const workFolder = makeWorkFolder();
  try {
    const onNotebook = (file: string, number: number, of: number): void =>
      console.error(`${number} of ${of}: ${file}`);
    const graded = await gradeFolder({ folder, workFolder, limitMs, onNotebook });
    const target = targetFolder("--save", save ?? folder);
    writeTarget(join(target, "grades.csv"), toCsv(graded));
    writeTarget(join(target, "grades.html"), toHtml(graded, new Date().toISOString().slice(0, 16)));
    if (request.flag("json")) console.log(JSON.stringify(graded, null, 2));
    else await summarize(graded, target);
    return 0;
  } finally {
    rmSync(workFolder, { recursive: true, force: true });
  }
}

function parseLimit(text: string | undefined): number {
  const seconds = text === undefined ? DEFAULT_LIMIT_S : Number(text);
  if (seconds > 0 && seconds <= 3600) return seconds;
  throw new UsageError(
    `Cannot grade with a limit of "${text}": it is no number of seconds from 1 to 3600 -> try --limit 30`,
  );
}

/** Inside the clone, where the answers find the library; `ringside reset` removes what a killed grader leaves. */
function makeWorkFolder(): string {
  mkdirSync(STATE_FOLDER, { recursive: true, mode: 0o700 });
  const folder = mkdtempSync(`${STATE_FOLDER}/grading-${process.pid}-`);
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function summarize(graded: readonly GradedNotebook[], target: string): Promise<void> {
  const { NO_EXERCISE } = await import("../grade/index.js");
  for (const { file, results } of graded) {
    const points = results.reduce((sum, each) => sum + each.points, 0);
    const most = results.reduce((sum, each) => sum + each.maxPoints, 0);
    console.log(`${file}: ${points} of ${most} points`);
    if (results.length === 0) console.log(`  ${NO_EXERCISE}`);
    for (const { exercise, status, reason } of results) {
      if (status !== "passed") console.log(`  ${exercise}: ${status}: ${reason}`);
    }
  }
  console.log(`\nWritten: ${join(target, "grades.csv")} and grades.html`);
}
