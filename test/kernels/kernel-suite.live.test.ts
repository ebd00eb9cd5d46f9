// Debian's own conformance suite for Jupyter kernels, one test here for each of its tests.

import { execFileSync, spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";

const ROOT = resolve(import.meta.dirname, "../..");

interface Verdict {
  readonly name: string;
  readonly verdict: string;
}

function runSuite(): { readonly verdicts: Verdict[]; readonly story: string } {
  const kernelspec = resolve(ROOT, "kernels/jupyter/kernelspec.cjs");
  const jupyterPath = execFileSync(process.execPath, [kernelspec], { encoding: "utf8" }).trim();
  const { stderr } = spawnSync("/usr/bin/python3", [resolve(import.meta.dirname, "kernel_suite.py")], {
    cwd: resolve(ROOT, "notebooks"),
    env: { ...process.env, JUPYTER_PATH: jupyterPath },
    encoding: "utf8",
    timeout: 120_000,
  });
  const verdicts = [...stderr.matchAll(/^(test_\w+) \(.*?\) \.\.\. (.*)$/gm)].map(([, name, verdict]) => ({
    name: name!,
    verdict: verdict!,
  }));
  return { verdicts, story: stderr };
}

const { verdicts, story } = runSuite();

describe("jupyter_kernel_test", () => {
  test("has all of its twelve tests for us", () => {
    expect(verdicts.map(({ name }) => name).sort(), story).toEqual([
      "test_clear_output",
      "test_completion",
      "test_display_data",
      "test_error",
      "test_execute_result",
      "test_execute_stderr",
      "test_execute_stdout",
      "test_history",
      "test_inspect",
      "test_is_complete",
      "test_kernel_info",
      "test_pager",
    ]);
  });

  test.each(verdicts)("$name", ({ verdict }) => {
    expect(verdict, story).toBe("ok");
  });
});
