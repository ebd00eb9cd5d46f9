// nbgrader's own rules for the metadata of a notebook's cells, as it publishes them: it is in neither Debian nor npm, so it cannot
// be asked itself.
//
// Source: github.com/jupyter/nbgrader, nbgrader/nbgraderformat/v3.json (the schema) and v3.py (MetadataValidatorV3).
import type { Notebook, NotebookCell } from "ringside/jupyter";

type Check = (value: unknown) => boolean;

const isBoolean: Check = (value) => typeof value === "boolean";

/** v3.json: `properties`. */
const PROPERTIES: Readonly<Record<string, Check>> = {
  schema_version: (value) => value === 3,
  grade: isBoolean,
  locked: isBoolean,
  solution: isBoolean,
  task: isBoolean,
  grade_id: (value) => typeof value === "string" && /^[a-zA-Z0-9_-]*$/.test(value),
  points: (value) => typeof value === "number" && value >= 0,
  checksum: (value) => typeof value === "string" && value.length === 32,
  cell_type: (value) => value === "raw" || value === "code" || value === "markdown",
};

/** v3.json: `required`. */
const REQUIRED = ["schema_version", "grade", "locked", "solution"];

/** What nbgrader would refuse in a notebook; empty where it accepts it. */
export function nbgraderProblems({ cells }: Notebook): string[] {
  const marked = cells.filter(({ metadata }) => metadata.nbgrader !== undefined);
  const ids = marked.map(({ metadata }) => (metadata.nbgrader as Record<string, unknown>).grade_id);
  const twice = ids.filter((id, at) => ids.indexOf(id) !== at).map((id) => `Duplicate grade id: ${id}`);
  return [...marked.flatMap(cellProblems), ...twice];
}

function cellProblems({ id, cell_type, metadata }: NotebookCell): string[] {
  const meta = metadata.nbgrader as Record<string, unknown>;
  const { grade, solution, locked, task = false, grade_id, points } = meta;
  const isMarked = grade === true || solution === true || locked === true;
  const problems = [
    ...Object.entries(meta).flatMap(([name, value]) => {
      const check = PROPERTIES[name];
      if (check === undefined) return [`additional property ${name}`];
      return check(value) ? [] : [`${name} is ${JSON.stringify(value)}`];
    }),
    ...REQUIRED.filter((name) => !(name in meta)).map((name) => `${name} is required`),
    ...(isMarked && (grade_id === undefined || grade_id === "") ? ["no grade_id"] : []),
    ...(grade === true && points === undefined ? ["no points"] : []),
    ...(task !== true && cell_type === "markdown" && grade !== solution
      ? ["markdown that is only one of grade and solution"]
      : []),
    ...(task === true && cell_type !== "markdown" ? ["a task that is no markdown"] : []),
  ];
  return problems.map((problem) => `${id}: ${problem}`);
}
