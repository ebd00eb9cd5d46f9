import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Attempt, readProgress, recordAttempt, recordGuess } from "ringside/progress";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ringside-progress-"));
  file = join(folder, "kept", "progress.jsonl");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const attempt = (exercise: string, passed = false): Omit<Attempt, "kind" | "at"> => ({
  exercise,
  passed,
  stepsPassed: passed ? 8 : 3,
  stepsTotal: 8,
  scenario: passed ? null : "one packet",
  diagnosis: null,
  hint: passed ? null : "Hint 1 of 3: look again",
});
const guess = {
  experiment: "syscall-cost",
  question: "What does a system call cost?",
  params: {},
  unit: "ns",
  low: 80,
  high: 80,
  measured: 256,
  verdict: "too low",
  result: "r-syscall-cost-20261124-00000000",
  machine: "a machine",
  kernel: "6.18",
} as const;

describe("the store", () => {
  test("gives back attempts and guesses in the order they came", () => {
    recordAttempt(attempt("33-af-xdp/receive-loop"), file);
    recordGuess(guess, file);
    recordAttempt(attempt("33-af-xdp/receive-loop", true), file);
    const { entries, skippedLines } = readProgress(file);
    expect(entries.map(({ kind }) => kind)).toEqual(["attempt", "guess", "attempt"]);
    expect(entries[1]).toMatchObject(guess);
    expect(skippedLines).toEqual([]);
  });

  test("is empty where nothing was kept, and keeps nothing where it is switched off", () => {
    expect(readProgress(file)).toEqual({ entries: [], skippedLines: [] });
    expect(recordAttempt(attempt("a/b"))).toBe(false);
  });

  test("skips a line that a crash cut off, says which, and loses none after it", () => {
    recordAttempt(attempt("a/first"), file);
    appendFileSync(file, '{"kind":"attempt","at":"2026-11-24T05:00:00.000Z","exerc');
    recordAttempt(attempt("a/second"), file);
    const { entries, skippedLines } = readProgress(file);
    expect(exercisesOf(entries)).toEqual(["a/first", "a/second"]);
    expect(skippedLines).toEqual([2]);
  });

  test("skips what is JSON and no entry", () => {
    recordAttempt(attempt("a/first"), file);
    appendFileSync(file, 'null\n[]\n{"kind":"attempt","exercise":7}\n{"kind":"diary"}\n');
    expect(readProgress(file).skippedLines).toEqual([2, 3, 4, 5]);
  });

  test("costs a warning and no error where a file stands in its folder's place, and says which to move", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const inTheWay = join(folder, "kept");
    writeFileSync(inTheWay, "a file where the folder should be");
    expect(recordAttempt(attempt("a/first"), file)).toBe(false);
    expect(warn.mock.calls[0]?.[0]).toContain(
      `${inTheWay} is a file and must be a folder; the check itself counts, and is forgotten -> move it away: mv ${inTheWay} `,
    );
    expect(() => readProgress(file)).toThrow(
      `must be a folder -> move it away: mv ${inTheWay} ${inTheWay}.away`,
    );
    warn.mockRestore();
  });

  test("says what to move where a folder stands in its own place", () => {
    mkdirSync(file, { recursive: true });
    expect(() => readProgress(file)).toThrow(
      `Cannot read ${file}: EISDIR, it is a folder -> move it away: mv ${file} ${file}.away`,
    );
  });
});

describe("the store under fire", { timeout: 60_000 }, () => {
  test("loses nothing that was safe when its writers are killed in the middle of writing", async () => {
    let safe = 0;
    for (let round = 0; round < 12; round++) {
      const writer = startWriter(`round-${round}`, 1_000_000, 200_000);
      await writer.saidSomething;
      await delay(Math.random() * 20);
      safe += await writer.kill();
    }
    recordAttempt(attempt("after/all"), file);
    const { entries } = readProgress(file);
    // A writer may be killed between a line's end and saying so: one more a round at most.
    expect(entries.length - 1).toBeGreaterThanOrEqual(safe);
    expect(entries.length - 1).toBeLessThanOrEqual(safe + 12);
    expect(exercisesOf(entries).at(-1)).toBe("after/all");
  });

  test("keeps every line of two notebooks that write at once", async () => {
    const writers = [startWriter("left", 300, 9000), startWriter("right", 300, 9000)];
    await Promise.all(writers.map(({ ended }) => ended));
    const { entries, skippedLines } = readProgress(file);
    expect(skippedLines).toEqual([]);
    for (const name of ["left", "right"]) {
      const own = exercisesOf(entries).filter((exercise) => exercise.startsWith(name));
      expect(own).toEqual(Array.from({ length: 300 }, (_, i) => `${name}/${i}`));
    }
    expect(readFileSync(file, "utf8").split("\n").filter(Boolean)).toHaveLength(600);
  });
});

function exercisesOf(entries: ReturnType<typeof readProgress>["entries"]): string[] {
  return entries.map((entry) => (entry.kind === "attempt" ? entry.exercise : entry.experiment));
}

function startWriter(name: string, count: number, hintBytes: number) {
  const script = join(import.meta.dirname, "writer.mjs");
  const args = [script, file, name, String(count), String(hintBytes)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const ended = once(child, "close");
  return {
    saidSomething: once(child.stdout, "data"),
    ended,
    /** @returns how many attempts it had said were safe */
    async kill(): Promise<number> {
      child.kill("SIGKILL");
      await ended;
      return said.split("\n").length - 1;
    },
  };
}
