// Learner code in the notebook's own kernel: what it does to a check, what the kernel is afterwards, and what is kept when the
// kernel dies or two of them run at once.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { collectOutputs, type RunningKernel, startKernel } from "ringside/jupyter";
import { type Attempt, type KeptGuess, readProgress } from "ringside/progress";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type LiveLab, openLiveLab } from "../jupyter/live-lab.js";

const BUDGET_MS = 20_000;
const ID = "33-af-xdp/receive-loop";
const kept = mkdtempSync(join(tmpdir(), "ringside-kept-"));
const file = join(kept, "progress.jsonl");

let lab: LiveLab;
const kernels: RunningKernel[] = [];
beforeAll(async () => {
  vi.stubEnv("RINGSIDE_PROGRESS", kept);
  lab = await openLiveLab();
});
afterAll(async () => {
  for (const kernel of kernels) await kernel.close();
  await lab.close();
  vi.unstubAllEnvs();
  rmSync(kept, { recursive: true });
});

/** A kernel that knows the library, as a notebook's is after its first cell. */
async function openNotebook(name: string): Promise<(code: string) => Promise<string>> {
  const kernel = await startKernel(lab.server, name);
  kernels.push(kernel);
  const run = async (code: string): Promise<string> => {
    const collector = collectOutputs();
    await kernel.execute(code, BUDGET_MS, (message) => collector.accept(message));
    return collector.outputs
      .map((output) => {
        if (output.output_type === "stream") return output.text;
        return output.output_type === "error"
          ? `${output.ename}: ${output.evalue}`
          : String(output.data["text/plain"]);
      })
      .join("");
  };
  expect(await run('import { check, measure, predict } from "ringside";')).toBe("");
  return run;
}

const attempts = (): Attempt[] =>
  readProgress(file).entries.filter((entry) => entry.kind === "attempt") as Attempt[];

describe("in the notebook's kernel", () => {
  test.each([
    ["a loop that never ends", "const answer = () => { for (;;); };"],
    [
      "one that catches everything",
      "const answer = () => { for (;;) try { for (;;); } catch {} finally { continue } };",
    ],
    ["one in a helper", "const help = () => { for (;;); };\nconst answer = () => help();"],
  ])("%s is named and stopped, and the next cell runs", async (_what, answer) => {
    const run = await openNotebook("endless.ipynb");
    expect(await run(`${answer}\nString(await check("${ID}", answer as never));`)).toContain(
      "your code was stopped after 2 s: does its loop end?",
    );
    expect(await run('"alive"')).toBe("alive");
    expect(attempts().at(-1)).toMatchObject({ exercise: ID, passed: false, diagnosis: "never ends" });
  });

  test("an async function, whose loop after an await nothing could stop, is not called", async () => {
    const run = await openNotebook("async.ipynb");
    const cell = `const later = async () => { await null; for (;;); };\nString(await check("${ID}", later as never));`;
    expect(await run(cell)).toContain("a Promise (this function must answer at once: no async, no await)");
    expect(await run('"alive"')).toBe("alive");
  });

  test("an attempt outlives its kernel, and the next kernel's hint is the next rung", async () => {
    const before = attempts().length;
    const first = await openNotebook("killed.ipynb");
    const exercise = "33-af-xdp/find-the-leak";
    const cell = `String(await check("${exercise}", undefined));`;
    expect(await first(cell)).toContain("Hint 1 of 3");
    await first("process.kill(process.pid, 'SIGKILL');").catch(() => {});
    const second = await openNotebook("restarted.ipynb");
    expect(await second(cell)).toContain("Hint 2 of 3");
    expect(attempts()).toHaveLength(before + 2);
  });

  test("two tabs that check at once lose no attempt", async () => {
    const before = attempts().length;
    const tabs = await Promise.all([openNotebook("left.ipynb"), openNotebook("right.ipynb")]);
    const cell = `for (let i = 0; i < 50; i++) await check("${ID}", () => 0);`;
    await Promise.all(tabs.map((run) => run(cell)));
    expect(attempts()).toHaveLength(before + 100);
    expect(readProgress(file).skippedLines).toEqual([]);
  });

  test("a guess is kept with what was measured", async () => {
    const run = await openNotebook("guess.ipynb");
    // On a busy machine, too: the figure does not matter here.
    const gate = "{ minIdle: 0, maxSteal: 1, waitMs: 1000 }";
    await run(`await measure.syscallCost({ guess: predict([50, 90], "ns"), gate: ${gate}, rounds: 10 });`);
    const guess = readProgress(file).entries.at(-1) as KeptGuess;
    expect(guess).toMatchObject({ kind: "guess", experiment: "syscall-cost", unit: "ns", low: 50, high: 90 });
    expect(guess.measured).toBeGreaterThan(0);
  });
});
