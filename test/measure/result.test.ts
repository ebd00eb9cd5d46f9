import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  judgeGuess,
  outcomeOf,
  predict,
  provenance,
  type Result,
  saveResult,
  whenMeasured,
} from "ringside/measure";
import { JUPYTER_DISPLAY } from "ringside/plot";
import { afterAll, describe, expect, test, vi } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "measure-result-"));
afterAll(() => rmSync(folder, { recursive: true }));

const environment = {
  date: "2026-11-23T10:00:00.000Z",
  kernel: "6.1.0-18-amd64 #1 SMP",
  cpuModel: "A CPU",
  cpuCount: 2,
};
const base = {
  id: "r-nothing-20261123-0123abcd",
  experiment: "nothing",
  question: "What is nothing?",
  environment,
  params: {},
  seed: 1,
  unseen: [],
};
const guess = judgeGuess(predict(1, "ns"), 2, "ns");
const run = { gate: null, cpu: 0, steal: 0, notes: {} };
const measured = { ...base, status: "ok", outcome: 42, guess, run } as unknown as Result<number>;
const refused = {
  ...base,
  status: "refused",
  reason: "CPU 1 was busy",
  next: "stop it",
} as unknown as Result<number>;

describe("a result", () => {
  test("says in short where it comes from", () => {
    expect(provenance(measured)).toEqual({
      machine: "A CPU, 2 CPUs",
      kernel: "6.1.0-18-amd64",
      mode: "live",
      date: "2026-11-23",
    });
  });

  test("gives its outcome, or an error that says how to get one", () => {
    expect(outcomeOf(measured)).toBe(42);
    expect(() => outcomeOf(refused)).toThrow(
      "Cannot show nothing: CPU 1 was busy; no figures were made -> stop it",
    );
  });

  test("is drawn only when there is something to draw", () => {
    const draw = (value: number): { [JUPYTER_DISPLAY](): Record<string, string> } => ({
      [JUPYTER_DISPLAY]: () => ({ "text/plain": `drawn ${value}` }),
    });
    expect(whenMeasured(measured, draw)[JUPYTER_DISPLAY]()["text/plain"]).toBe("drawn 42");
    const text = whenMeasured(refused, draw)[JUPYTER_DISPLAY]()["text/plain"];
    expect(text).toContain("CPU 1 was busy -> stop it");
  });
});

describe("saveResult", () => {
  test("writes one JSON file named after the result, and nothing else", () => {
    const results = join(folder, "results");
    const file = saveResult(measured, results)!;
    expect(readdirSync(results)).toEqual(["r-nothing-20261123-0123abcd.json"]);
    expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ status: "ok", outcome: 42 });
  });

  test("warns once where it cannot, and leaves the measurement alone", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    writeFileSync(join(folder, "file"), "in the way");
    mkdirSync(join(folder, "taken", `${base.id}.json`), { recursive: true });
    expect(saveResult(measured, join(folder, "file"))).toBeNull();
    expect(saveResult(measured, join(folder, "taken"))).toBeNull();
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]![0]).toMatch(/^Cannot save .*; the results are shown but not kept -> /);
    expect(readdirSync(join(folder, "taken"))).toHaveLength(1);
    warn.mockRestore();
  });
});
