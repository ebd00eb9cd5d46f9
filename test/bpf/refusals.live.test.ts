// Each refusal that is kept is provoked again: this kernel refuses it too, and its log leads to the same rule. To keep a
// new one, add the program and run this: a log that is missing is written, and waits to be read and committed.
import { existsSync, writeFileSync } from "node:fs";
import { explainRefusal } from "ringside/bpf";
import { expect, test } from "vitest";
import { keptLog, logFile, provoke, REFUSALS } from "./provoke.js";

const MOST_LINES = 120;

/** A log that walked a million instructions is kept by its two ends. */
function abridged(log: string): string {
  const lines = log.trimEnd().split("\n");
  if (lines.length <= MOST_LINES) return log;
  return [...lines.slice(0, 20), `[${lines.length - 60} lines left out]`, ...lines.slice(-40), ""].join("\n");
}

test.each(REFUSALS)("%s is refused here as well, and for the same reason", (name) => {
  const log = provoke(name);
  if (!existsSync(logFile(name))) {
    writeFileSync(logFile(name), abridged(log));
    throw new Error(
      `wrote ${logFile(name).pathname} -> read it, add its rule to refusals.test.ts, commit both`,
    );
  }
  const [here, kept] = [explainRefusal(log), explainRefusal(keptLog(name))];
  expect([here.rule, here.line, here.source]).toEqual([kept.rule, kept.line, kept.source]);
  expect(here.rule).not.toBe("unknown");
});
