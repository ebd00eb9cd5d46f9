import { existsSync, readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { NOTEBOOKS } from "./place.js";
import type { Request, Verb } from "./verb.js";

export const nbBuild: Verb = {
  name: "nb build",
  summary: "build the notebooks from their text",
  operands: "",
  options: {
    solutions: { type: "string", placeholder: "folder", help: "build there, with the exercises solved" },
  },
  details: `Turns notebooks/src/NN-slug.ts into notebooks/NN-slug.ipynb, without outputs, the same bytes each time. Names each file that
changed. A folder for --solutions has to be inside this clone, or its cells will not find the library.`,
  run: build,
};

async function build(request: Request): Promise<number> {
  const { buildAll, writeBuilt } = await import("../jupyter/index.js");
  const solutions = request.value("solutions");
  const folder = solutions === undefined ? NOTEBOOKS : resolve(solutions);
  const built = buildAll(`${NOTEBOOKS}/src`, folder, solutions === undefined ? "learner" : "instructor");
  const changed = built.filter(({ path, text }) => !existsSync(path) || readFileSync(path, "utf8") !== text);
  writeBuilt(changed);
  for (const { path } of changed) console.log(`built ${basename(path)}`);
  if (changed.length === 0) console.log(`${built.length} notebooks are current`);
  return 0;
}
