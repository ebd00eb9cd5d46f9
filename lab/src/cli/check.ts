import { existsSync } from "node:fs";
import { extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { NotSupportedError } from "../base/index.js";
import { JSON_OPTION, type Request, UsageError, type Verb } from "./verb.js";

export const check: Verb = {
  name: "check",
  summary: "check an answer that is written in a file",
  operands: "[exercise] [file]",
  options: { json: JSON_OPTION },
  details: `Without operands it lists the exercises. With an exercise and a JavaScript or TypeScript module, it judges the module's
default export as the notebook's check would, and leaves with 1 where it does not pass.

  npx ringside check 33-af-xdp/receive-loop answer.mjs`,
  run: checkAnswer,
};

async function checkAnswer(request: Request): Promise<number> {
  const exercise = await import("../exercise/index.js");
  const [id, file] = request.operands;
  if (id === undefined) return listExercises(exercise.exercises, request.flag("json"));
  if (file === undefined || request.operands.length > 2) {
    throw new UsageError("Cannot check: it takes an exercise and one file -> npx ringside check --help");
  }
  exercise.findExercise(id); // its own error lists the others; better now than after the file was run
  const report = await exercise.check(id, await loadAnswer(file));
  console.log(request.flag("json") ? JSON.stringify(report, null, 2) : report.toString());
  return report.passed ? 0 : 1;
}

interface Listed {
  readonly id: string;
  readonly title: string;
  readonly points: number;
}

function listExercises(exercises: readonly Listed[], json: boolean): number {
  const list = exercises.map(({ id, title, points }) => ({ id, title, points }));
  if (json) console.log(JSON.stringify(list, null, 2));
  else for (const { id, title } of list) console.log(`${id.padEnd(36)} ${title}`);
  return 0;
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
