// The answer as a notebook holds it, starter or solution: the cell and what it needs of earlier ones, compiled and imported.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type CheckReport, check, type Exercise, forgetFailures, stepCount } from "ringside/exercise";
import { buildNotebook, findAnswers, parsePercent, type Variant } from "ringside/jupyter";
import ts from "typescript";
import { describe, expect, test } from "vitest";

const SOURCES = resolve(import.meta.dirname, "../../notebooks/src");
const SCRATCH = resolve(import.meta.dirname, "../../.ringside");

/** @returns what a check in that build of the notebook would be handed */
export async function notebookAnswer(id: string, variant: Variant): Promise<unknown> {
  const slug = id.split("/")[0]!;
  const cells = parsePercent(slug, readFileSync(join(SOURCES, `${slug}.ts`), "utf8"));
  const answers = await findAnswers(buildNotebook(slug, cells, variant));
  const answer = answers.find(({ exercise }) => exercise === id);
  if (answer === undefined) throw new Error(`No cell of notebooks/src/${slug}.ts calls check("${id}", ...)`);
  const text = `${answer.before.join("\n")}\n${answer.own}\nexport default (${answer.expression});`;
  const module = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
  const { outputText } = ts.transpileModule(text, { compilerOptions: module });
  // Inside the clone, from where `ringside` is found; git ignores it.
  mkdirSync(SCRATCH, { recursive: true });
  const folder = mkdtempSync(join(SCRATCH, `grading-${process.pid}-`));
  try {
    writeFileSync(join(folder, "answer.mjs"), outputText);
    return ((await import(join(folder, "answer.mjs"))) as { default: unknown }).default;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Declares that the notebook's own starter and solution do what the exercise says of them. */
export function testNotebookAnswers(exercise: Exercise<unknown>): void {
  const run = async (variant: Variant): Promise<CheckReport> => {
    forgetFailures(exercise.id);
    return await check(exercise, await notebookAnswer(exercise.id, variant));
  };

  describe(`notebook ${exercise.id}`, () => {
    test("the starter fails, with as many steps passed as the exercise says", async () => {
      const report = await run("learner");
      expect(report.passed).toBe(false);
      expect(report.hint).not.toBeNull();
      expect(report.stepsTotal).toBe(stepCount(exercise));
      const advice = `write starterSteps: ${report.stepsPassed} into the exercise`;
      expect(exercise.starterSteps, advice).toBe(report.stepsPassed);
    });

    test("the solution passes", async () => {
      const report = await run("instructor");
      expect(report.toString()).toBe(`${exercise.id}: passed, ${report.score}`);
    });
  });
}
