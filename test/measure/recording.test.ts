import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  compareRecordings,
  type Environment,
  findRecorded,
  formatRecording,
  listRecordings,
  type MeasuredResult,
  makeRecording,
  mergeRecordings,
  parseRecording,
  provenance,
  type Recording,
  type Result,
} from "ringside/measure";
import { afterAll, describe, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "ringside-recording-"));
afterAll(() => rmSync(folder, { recursive: true }));

const environmentOf = (date: string): Environment =>
  ({
    date: `${date}T10:00:00.000Z`,
    kernel: "6.12.0 #1 SMP",
    cpuModel: "A CPU",
    cpuCount: 2,
    commandLine: "BOOT_IMAGE=/boot/secret root=UUID=1234 mitigations=off quiet",
  }) as Environment;

function result(experiment: string, params: object, measured: number, date = "2026-11-20"): Result<unknown> {
  const guess = {
    verdict: "close",
    factor: 1,
    guess: { low: 1, high: 1, unit: "ns" },
    measured,
    text: "said",
  };
  const base = { id: `r-${experiment}-${measured}`, experiment, question: `What of ${experiment}?`, params };
  const rest = { environment: environmentOf(date), seed: 1, unseen: [], outcome: { measured }, guess };
  return { ...base, ...rest, status: "ok", run: { gate: null, cpu: 0, steal: 0, notes: {} } } as never;
}

function recording(date: string, results: Result<unknown>[], name = "a machine"): Recording {
  const about = {
    name,
    date: `${date}T11:00:00.000Z`,
    command: "npx ringside record --all",
    notebooks: ["11"],
  };
  return makeRecording({ ...about, environment: environmentOf(date) }, results);
}

describe("a recording", () => {
  test("keeps what was measured here, and neither refusals nor what was replayed", () => {
    const replayed = { ...result("replayed", {}, 1), recorded: { on: "elsewhere" } } as Result<unknown>;
    const refused = { ...result("refused", {}, 1), status: "refused" } as unknown as Result<unknown>;
    const kept = recording("2026-11-20", [result("live", {}, 1), replayed, refused]);
    expect(kept.results.map(({ experiment }) => experiment)).toEqual(["live"]);
  });

  test("tells of the kernel's command line only what changes a measurement", () => {
    const text = formatRecording(recording("2026-11-20", [result("live", {}, 1)]));
    expect(text).toContain("mitigations=off");
    expect(text).not.toMatch(/secret|UUID/);
  });

  test("is read as it was written, a line for each result", () => {
    const made = recording("2026-11-20", [result("one", { n: 1 }, 1), result("two", {}, 2)]);
    const text = formatRecording(made);
    expect(parseRecording(text, "it")).toEqual(made);
    expect(text.split("\n").filter((line) => line.includes('"experiment"'))).toHaveLength(2);
  });

  test.each([
    ["", "it is not JSON"],
    ["null", "its format is undefined"],
    ['{"format":"ringside-recording-9"}', "its format is"],
    [
      '{"format":"ringside-recording-1","name":"x","environment":{"kernel":"6"},"results":[{}]}',
      "is missing",
    ],
  ])("is refused when it is %j", (text, cause) => {
    expect(() => parseRecording(text, "theirs.json")).toThrow(cause);
    expect(() => parseRecording(text, "theirs.json")).toThrow(
      /^Cannot read the recording theirs\.json: .* -> /,
    );
  });

  test("takes in newer results in place of older ones with the same parameters", () => {
    const former = recording("2026-11-20", [result("x", { a: 1, b: 2 }, 1), result("x", { a: 2, b: 2 }, 2)]);
    const newer = recording("2026-11-21", [result("x", { b: 2, a: 1 }, 9)]);
    expect(mergeRecordings(former, newer).results.map(({ guess }) => guess.measured)).toEqual([2, 9]);
  });
});

describe("the recorded result that fits", () => {
  const write = (name: string, made: Recording): void =>
    writeFileSync(join(folder, `${name}.json`), formatRecording(made));
  write("old", recording("2026-11-01", [result("x", { n: 1 }, 1), result("only-old", {}, 5)], "the old one"));
  write("new", recording("2026-11-20", [result("x", { n: 1 }, 2, "2026-11-20"), result("x", { n: 2 }, 3)]));
  const stored = listRecordings([folder, join(folder, "absent")]);

  test("comes from the newest recording that has the same parameters, in whatever order", () => {
    const found = findRecorded("x", { n: 1 }, stored)!;
    expect((found.result as MeasuredResult<{ measured: number }>).outcome.measured).toBe(2);
    expect(findRecorded("only-old", {}, stored)!.recording.name).toBe("the old one");
  });

  test("is an emulated machine's only where no other has it", () => {
    const [theirs, alone] = [result("x", { n: 1 }, 7, "2026-11-21"), result("only-emulated", {}, 8)];
    for (const { environment } of [theirs, alone]) (environment as { emulated: boolean }).emulated = true;
    write("vm", recording("2026-11-22", [theirs, alone], "the VM"));
    const withIt = listRecordings([folder]);
    expect(findRecorded("x", { n: 1 }, withIt)!.recording.name).toBe("a machine");
    const found = findRecorded("only-emulated", {}, withIt)!.result as MeasuredResult<unknown>;
    expect(provenance(found).machine).toBe("A CPU, emulated, 2 CPUs");
  });

  test("is nothing where the parameters differ", () => {
    expect(findRecorded("x", { n: 3 }, stored)).toBeNull();
    expect(findRecorded("x", { n: 1, text: "my program" }, stored)).toBeNull();
  });
});

test("a replayed result says in its provenance that it was recorded, and where", () => {
  const recorded = { on: "m", name: "the lab's VM", because: "it needs root", next: "sudo" };
  const from = provenance({ ...result("x", {}, 1), recorded } as Result<unknown>);
  expect(from).toMatchObject({ mode: "recorded", recordedOn: "the lab's VM", date: "2026-11-20" });
});

test("two recordings are compared by what both have, with the newest of each", () => {
  const a = recording("2026-11-20", [
    result("x", { program: "drop" }, 1, "2026-11-19"),
    result("x", { program: "pass" }, 10),
    result("mine", {}, 1),
  ]);
  const b = recording("2026-11-21", [
    result("x", { program: "drop" }, 4),
    result("x", { program: "pass" }, 5),
    result("theirs", {}, 1),
  ]);
  const { rows, onlyA, onlyB } = compareRecordings(a, b);
  expect(rows.map(({ params, a, b }) => [params, a, b])).toEqual([
    ["drop", 1, 4],
    ["pass", 10, 5],
  ]);
  expect([onlyA, onlyB]).toEqual([["mine"], ["theirs"]]);
});
