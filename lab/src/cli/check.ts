import { existsSync } from "node:fs";
import { extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { NotSupportedError } from "../base/index.js";
import { findLearnersNotebook } from "./notebooks.js";
import { NOTEBOOKS } from "./place.js";
import { JSON_OPTION, type Request, UsageError, type Verb } from "./verb.js";

export const check: Verb = {
  name: "check",
  summary: "check the answer in your notebook, without a browser",
  operands: "[exercise] [file]",
  options: { json: JSON_OPTION },
  details: `Without operands it lists the exercises and how far each has come. With an exercise it judges the answer in your notebook, as
the check in its cell would, and keeps the attempt; it runs that cell and what it needs of earlier ones, not the whole
notebook. A file may be named instead: another .ipynb, or a JavaScript or TypeScript module whose default export is the
answer. Leaves with 1 where the answer does not pass.

  npx ringside check 33-af-xdp/receive-loop`,
  run: checkAnswer,
};

/** Time that the answer's cell may take. */
const LIMIT_MS = 60_000;

async function checkAnswer(request: Request): Promise<number> {
  const [id, file] = request.operands;
  if (id === undefined) return listExercises(request.flag("json"));
  if (request.operands.length > 2) {
    throw new UsageError("Cannot check: it takes an exercise and one file -> npx ringside check --help");
  }
  const { findExercise } = await import("../exercise/index.js");
  findExercise(id); // its own error lists the others; better now than after something was run
  if (file === undefined) return checkNotebook(id, findLearnersNotebook(id.split("/")[0]!), request);
  return extname(file) === ".ipynb" ? checkNotebook(id, file, request) : checkModule(id, file, request);
}

async function listExercises(json: boolean): Promise<number> {
  const { exercises, stepCount } = await import("../exercise/index.js");
  const { progressOf, readProgress } = await import("../progress/index.js");
  const { entries } = readProgress();
  const list = exercises.map((exercise) => {
    const { id, title, points, starterSteps = null } = exercise;
    const done = progressOf(id, entries);
    const came = { attempts: done?.attempts ?? 0, passed: done?.passed ?? false };
    return { id, title, points, steps: stepCount(exercise), starterSteps, ...came };
  });
  if (json) console.log(JSON.stringify(list, null, 2));
  else for (const each of list) console.log(`${mark(each)} ${each.id.padEnd(46)} ${each.title}`);
  return 0;
}

function mark({ attempts, passed }: { readonly attempts: number; readonly passed: boolean }): string {
  if (passed) return "✓";
  return attempts > 0 ? "…" : " ";
}

async function checkNotebook(id: string, file: string, request: Request): Promise<number> {
  const { findAnswers, readNotebook, startServer } = await import("../jupyter/index.js");
  const { judgeAnswer } = await import("../grade/index.js");
  const answers = await findAnswers(readNotebook(file));
  const answer = answers.find(({ exercise }) => exercise === id);
  if (answer === undefined) {
    throw new Error(
      `Cannot check ${id} in ${file}: no cell calls check("${id}", ...) -> write that call under your answer`,
    );
  }
  const server = await startServer({ folder: NOTEBOOKS });
  try {
    const judged = await judgeAnswer(server, answer, LIMIT_MS);
    const said = judged.report === "" ? `${id}: not checked: ${judged.reason}` : judged.report;
    console.log(request.flag("json") ? JSON.stringify(judged, null, 2) : said);
    return judged.status === "passed" ? 0 : 1;
  } finally {
    await server.stop();
  }
}

async function checkModule(id: string, file: string, request: Request): Promise<number> {
  const exercise = await import("../exercise/index.js");
  const report = await exercise.check(id, await loadAnswer(file));
  console.log(request.flag("json") ? JSON.stringify(report, null, 2) : report.toString());
  return report.passed ? 0 : 1;
}

async function loadAnswer(file: string): Promise<unknown> {
  if (!existsSync(file))
    throw new Error(`Cannot read answer ${file}: there is no such file -> give its path`);
  if (extname(file) === ".ts" && !("typescript" in process.features)) {
    throw new NotSupportedError(
      "a TypeScript file as answer",
      "Node.js 22.18",
      process.version,
      "write it as .mjs",
    );
  }
  const module = (await import(pathToFileURL(resolve(file)).href)) as { default?: unknown };
  if (module.default === undefined) {
    throw new Error(`Cannot check ${file}: it has no default export -> export default your function`);
  }
  return module.default;
}
