import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { ParsedSource, Problem } from "../jupyter/index.js";
import { NOTEBOOKS } from "./place.js";
import { JSON_OPTION, type Request, type Verb } from "./verb.js";

export const nbLint: Verb = {
  name: "nb lint",
  summary: "judge the notebooks' text: form, types, and what the kernel's compiler takes",
  operands: "",
  options: { json: JSON_OPTION },
  details: `Checks the sections of each notebook, type-checks its cells with the project's compiler, and converts them with tslab's
own (TypeScript 5.0.4), both with the starters and with the solutions. Leaves with 1 where something is to be mended.`,
  run: lint,
};

async function lint(request: Request): Promise<number> {
  const jupyter = await import("../jupyter/index.js");
  const sources = jupyter.notebookSources(`${NOTEBOOKS}/src`).map((path): ParsedSource => {
    const name = basename(path);
    return { name, cells: jupyter.parsePercent(name, readFileSync(path, "utf8")) };
  });
  const problems: Problem[] = sources.flatMap(({ name, cells }) => jupyter.lintNotebook(name, cells));
  for (const variant of ["learner", "instructor"] as const) {
    problems.push(...(await jupyter.typecheckNotebooks(NOTEBOOKS, sources, variant)));
    problems.push(...(await jupyter.convertCells(NOTEBOOKS, sources, variant)));
  }
  const once = [...new Map(problems.map((problem) => [jupyter.formatProblem(problem), problem]))];
  if (request.flag("json"))
    console.log(
      JSON.stringify(
        once.map(([, problem]) => problem),
        null,
        2,
      ),
    );
  else for (const [text] of once) console.log(text);
  if (once.length === 0 && !request.flag("json")) console.log(`${sources.length} notebooks, nothing to mend`);
  return once.length === 0 ? 0 : 1;
}
