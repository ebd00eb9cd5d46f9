// Converts every cell with the kernel's own compiler (TypeScript 5.0.4, inside tslab), one after another as a reader would
// run them, without running them. It finds what the project's newer compiler lets pass: syntax that is too new, and a
// declaration of ours that the old compiler cannot read.

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Problem } from "./problem.js";
import { buildExercise, type Variant } from "./solution.js";
import type { ParsedSource } from "./typecheck.js";

const CONVERTER = fileURLToPath(new URL("../../../kernels/jupyter/convert.cjs", import.meta.url));
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/** What the converter says of one cell, counted from 0 among the code cells; lines count from 1. */
interface Said {
  readonly notebook: number;
  readonly cell: number;
  readonly line: number;
  readonly message: string;
}

/**
 * Converts the cells of notebooks.
 *
 * @param folder where the notebooks will run; imports are resolved from there
 * @param variant the starters (`learner`) or the solutions (`instructor`) are converted
 * @returns what is to be mended
 * @throws Error where the converter itself fails
 */
export async function convertCells(
  folder: string,
  sources: readonly ParsedSource[],
  variant: Variant,
): Promise<Problem[]> {
  const notebooks = sources.map(({ cells }) =>
    cells.flatMap((cell, index) =>
      cell.kind === "code" ? [{ cell: index + 1, lines: buildExercise(cell.text, variant) }] : [],
    ),
  );
  const texts = notebooks.map((cells) => cells.map(({ lines }) => lines.map(({ text }) => text).join("\n")));
  const said = JSON.parse(await runConverter(folder, JSON.stringify(texts))) as Said[];
  return said.map(({ notebook, cell, line, message }) => {
    const origin = notebooks[notebook]![cell]!;
    const from = origin.lines[line - 1]?.from ?? 0;
    return { notebook: sources[notebook]!.name, cell: origin.cell, line: from + 1, message };
  });
}

function runConverter(folder: string, input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { cwd: folder, maxBuffer: MAX_ANSWER_BYTES };
    const child = execFile(process.execPath, [CONVERTER], options, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout);
      const cause = stderr.trim().split("\n").at(-1) ?? error.message;
      reject(new Error(`Cannot convert the cells with tslab's compiler: ${cause} -> npm ci, then try again`));
    });
    child.stdin?.end(input);
  });
}
