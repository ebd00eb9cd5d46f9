import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CHECK_TYPE,
  type CheckReport,
  check,
  describeValue,
  type Exercise,
  forgetFailures,
  mismatch,
  type ReceiveLoop,
  type Scenario,
  saw,
  scenario,
} from "ringside/exercise";
import { readProgress, recordAttempt } from "ringside/progress";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

const id = "33-af-xdp/receive-loop";
beforeEach(() => forgetFailures(id));

describe("check", () => {
  test("tells the story of a failure step by step", async () => {
    const report = await check<ReceiveLoop>(id, ({ rxRing }) => rxRing.peek());
    expect(report.toString()).toBe(
      [
        'receive-loop, scenario "one packet, then none": failed at step 2',
        "  0  rings of 4 slots, 4 frames, all in the fill ring",
        "  1  a packet arrives -> 1 in the rx ring",
        "  2  receive: expected onFrame once, your code called it 0 times",
        "Hint 1 of 3: peek tells how many packets wait and rxRing.cursor where the first one is; onFrame wants addr and length of each.",
        "33-af-xdp/receive-loop: 5 of 26 steps (5 pass before you begin)",
      ].join("\n"),
    );
  });

  test("climbs the ladder of hints, and begins again after a success", async () => {
    const wrong: ReceiveLoop = () => 0;
    const hints = [];
    for (let attempt = 0; attempt < 4; attempt++) hints.push((await check(id, wrong)).hint?.slice(0, 11));
    expect(hints).toEqual(["Hint 1 of 3", "Hint 2 of 3", "Hint 3 of 3", "Hint 3 of 3"]);
    forgetFailures(id);
    expect((await check(id, wrong)).hint).toContain("Hint 1 of 3");
  });

  test("gives a known mistake its own hint first, and the ladder after it", async () => {
    const leaky: ReceiveLoop = ({ rxRing }, onFrame) => {
      const ready = rxRing.peek();
      for (let i = 0; i < ready; i++)
        onFrame(rxRing.addr(rxRing.cursor + i), rxRing.length(rxRing.cursor + i));
      rxRing.release(ready);
      return ready;
    };
    expect((await check(id, leaky)).hint).toMatch(/^Hint: the kernel owns no frame/);
    expect((await check(id, leaky)).hint).toMatch(/^Hint: the kernel owns no frame.*\nHint 1 of 3/);
  });

  test.each<[string, ReceiveLoop, string]>([
    ["throws", ({ rxRing }) => (rxRing as never as { x: { y: number } }).x.y, "your code threw TypeError"],
    ["throws no error object", () => Promise.reject("no") as never, "returned a Promise"],
    ["returns nothing", (() => {}) as never, "called it 0 times"],
    ["returns NaN", ({ rxRing }) => (rxRing.peek() === 0 ? 0 : Number.NaN), "called it 0 times"],
    ["is async", (async () => 0) as never, "a Promise (this function must answer at once"],
    ["loops on a ring for ever", spin, "used the rings without end"],
    ["catches the stop and goes on", spinStubbornly, "used the rings without end"],
    ["hands on nonsense", handOnNonsense, 'handed on addr "4"'],
    ["takes null for a cursor", takeNullForACursor, "called fillRing.write(0)"],
    ["loops for ever without a ring", () => idle(), "was stopped after 2 s: does its loop end?"],
    [
      "would loop for ever after an await",
      idleLater as never,
      "a Promise (this function must answer at once",
    ],
    ["ends the process", () => process.exit(1), "threw Error: process.exit would end the notebook"],
    ["reserves nonsense", ({ fillRing }) => fillRing.reserve(undefined as never) ?? 0, "threw RangeError"],
  ])("survives code that %s", async (_name, mine, words) => {
    const report = await check(id, mine);
    expect(report.passed).toBe(false);
    expect(report.story).toContain(words);
  });

  test("refuses what is no function, and an id that does not exist", async () => {
    const report = await check(id, undefined as never);
    expect(report.toString()).toContain(
      "expected a function receive(socket, onFrame), your code handed in undefined",
    );
    expect(report.score).toBe("0 of 26 steps");
    await expect(check("33-af-xdp/receive", () => 0)).rejects.toThrow(
      'Cannot find exercise "33-af-xdp/receive"',
    );
  });

  test("names code that never ends, gives it a hint of its own, and starts it only once", async () => {
    let calls = 0;
    const report = await check<ReceiveLoop>(id, () => {
      calls++;
      return idle();
    });
    expect(report).toMatchObject({ diagnosis: "never ends", stepsPassed: 1 });
    expect(report.hint).toBe(
      "Hint: a loop ends when its condition becomes false. Does each round change what the condition looks at?",
    );
    expect(calls).toBe(1);
  });

  test("shows itself in a notebook as HTML without script, and as text", async () => {
    const report = await check<ReceiveLoop>(id, () => {
      throw new Error("<b>");
    });
    const bundle = displayOf(report);
    expect(Object.keys(bundle)).toEqual([CHECK_TYPE, "text/html", "text/plain"]);
    expect(JSON.parse(bundle[CHECK_TYPE]!)).toMatchObject({ passed: false, id: report.id });
    expect(bundle["text/html"]).toContain("threw Error: &lt;b&gt;");
    expect(bundle["text/html"]).not.toMatch(/<script|<style/);
    expect(bundle["text/plain"]).toBe(report.toString());
  });
});

describe("what is kept", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "ringside-check-"));
    vi.stubEnv("RINGSIDE_PROGRESS", folder);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });

  test("is each attempt, with what failed", async () => {
    await check<ReceiveLoop>(id, () => 0);
    await check(id, undefined as never);
    expect(readProgress().entries).toMatchObject([
      { exercise: id, passed: false, stepsPassed: 7, stepsTotal: 26, scenario: "one packet, then none" },
      { exercise: id, passed: false, stepsPassed: 0, hint: expect.stringContaining("Hint 2 of 3") },
    ]);
  });

  test("lets the ladder of hints go on after a restart, and begin again after a success", async () => {
    const attempt = {
      exercise: id,
      stepsPassed: 5,
      stepsTotal: 26,
      scenario: null,
      diagnosis: null,
      hint: null,
    };
    recordAttempt({ ...attempt, passed: false });
    recordAttempt({ ...attempt, passed: false });
    expect((await check<ReceiveLoop>(id, () => 0)).hint).toContain("Hint 3 of 3");
    recordAttempt({ ...attempt, passed: true });
    forgetFailures(id);
    expect((await check<ReceiveLoop>(id, () => 0)).hint).toContain("Hint 1 of 3");
  });
});

describe("a scenario", () => {
  const counting = (steps: Scenario<unknown, { n: number }>["steps"]): Exercise<unknown> => ({
    id: "31-rings-from-scratch/counting",
    title: "Counting",
    points: 1,
    needs: [],
    hints: ["a", "b", "c"],
    wrongAnswers: [],
    refuses: () => null,
    scenarios: [
      scenario<unknown, { n: number }>({ name: "one", given: "zero", start: () => ({ n: 0 }), steps }),
      scenario<unknown, { n: number }>({ name: "two", given: "zero", start: () => ({ n: 0 }), steps }),
    ],
  });
  const increment = { action: "add", play: (state: { n: number }) => saw(String(++state.n)) };

  test("starts afresh each time and counts its steps", async () => {
    const report = await check(counting([increment, increment]), null);
    expect(report.toString()).toBe("31-rings-from-scratch/counting: passed, 4 of 4 steps");
  });

  test("stops waiting for a promise that never settles", async () => {
    const stuck = { action: "wait", play: () => new Promise<never>(() => {}) };
    const report = await check(counting([increment, stuck]), null);
    expect(report.story).toContain(
      "  2  wait: expected an answer within 2 s, your code returned a promise that did not settle",
    );
    expect(report.score).toBe("2 of 4 steps");
  });

  test("turns a failing start into a report", async () => {
    const exercise = counting([increment]);
    const broken = {
      ...exercise.scenarios[0],
      start: (mine: unknown) => (mine as { list: number[] }).list.length,
    };
    const report = await check({ ...exercise, scenarios: [broken] }, null);
    expect(report.story).toContain('scenario "one": failed at the start: your code threw TypeError');
  });

  test("that asks the kernel is played only where all before it passed", async () => {
    const live = { ...counting([increment]).scenarios[0], name: "live", isLive: true };
    const wrong = { action: "add", play: () => mismatch("1", "said 2") };
    const stepsOf = async (step: typeof increment | typeof wrong): Promise<string[]> => {
      const exercise = counting([step]);
      const report = await check({ ...exercise, scenarios: [...exercise.scenarios, live] }, null);
      return report.scenarios.map(
        ({ name, stepsPassed, stepsTotal }) => `${name} ${stepsPassed}/${stepsTotal}`,
      );
    };
    expect(await stepsOf(wrong)).toEqual(["one 0/1", "two 0/1", "live 0/1"]);
    expect(await stepsOf(increment)).toEqual(["one 1/1", "two 1/1", "live 1/1"]);
  });

  test("may only name wrong answers that the exercise lists", async () => {
    const step = { action: "add", play: () => mismatch("1", "said 2", "cannot add") };
    await expect(check(counting([step]), null)).rejects.toThrow('Cannot hint at wrong answer "cannot add"');
  });
});

test("values are described in words", () => {
  const circle: { self?: unknown } = {};
  circle.self = circle;
  const values = [undefined, Number.NaN, 3, "x".repeat(80), 7n, [1, 2], () => 0, circle, null];
  expect(values.map(describeValue)).toEqual([
    "undefined",
    "NaN",
    "3",
    `"${"x".repeat(57)}..."`,
    "the BigInt 7n",
    "[1,2]",
    "a function (is a call's () missing?)",
    "an object that cannot be shown",
    "null",
  ]);
});

const takeNullForACursor: ReceiveLoop = ({ rxRing, fillRing, umem }, onFrame) => {
  const ready = rxRing.peek();
  const refill = fillRing.reserve(ready)!;
  for (let i = 0; i < ready; i++) {
    const addr = rxRing.addr(rxRing.cursor + i);
    onFrame(addr, rxRing.length(rxRing.cursor + i));
    fillRing.write(refill + i, umem.frameStart(addr));
  }
  if (refill !== null) fillRing.submit(ready);
  rxRing.release(ready);
  return ready;
};

const handOnNonsense: ReceiveLoop = ({ rxRing }, onFrame) => {
  onFrame("4" as never, 60);
  return rxRing.peek();
};

function idle(): never {
  for (;;);
}

async function idleLater(): Promise<never> {
  await null;
  return idle();
}

function spin({ rxRing }: Parameters<ReceiveLoop>[0]): number {
  for (;;) rxRing.peek();
}

function spinStubbornly({ rxRing }: Parameters<ReceiveLoop>[0]): number {
  for (let i = 0; i < 5000; i++) {
    try {
      rxRing.peek();
    } catch {}
  }
  return 0;
}

function displayOf(report: CheckReport): Record<string, string> {
  return (report as never as Record<symbol, () => Record<string, string>>)[Symbol.for("Jupyter.display")]();
}
