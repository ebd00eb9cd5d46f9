// The commands that keep the tree in order say nothing: formatter and linter in one, and the type check of all tests.
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { expect, test } from "vitest";

const ROOT = resolve(import.meta.dirname, "..");

test.each(["lint", "typecheck"])("npm run %s finds nothing to mend", { timeout: 120_000 }, (script) => {
  const run = spawnSync("npm", ["run", "--silent", script], { cwd: ROOT, encoding: "utf8" });
  expect(run.status, run.stdout + run.stderr).toBe(0);
});
