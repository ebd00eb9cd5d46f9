import { existsSync } from "node:fs";
import { basename } from "node:path";
import type { Recording, RecordingComparison, SideBySide } from "../measure/index.js";
import type { Figure } from "../plot/index.js";
import { targetFile, writeTarget } from "./target.js";
import { JSON_OPTION, type Request, UsageError, type Verb } from "./verb.js";

export const compare: Verb = {
  name: "compare",
  summary: "draw two machines' recordings side by side",
  operands: "<a> <b>",
  options: {
    save: { type: "string", placeholder: "file.svg", help: "write the figure there" },
    json: JSON_OPTION,
  },
  details: `Each is a file of ringside record --share, or part of the name of a recording that comes with the course or is your own; the
newest that fits is taken. Compared is what both have measured with the same parameters.

  npx ringside compare mine.json theirs.json --save two-machines.svg`,
  run: compareTwo,
};

async function compareTwo(request: Request): Promise<number> {
  const [a, b, ...more] = request.operands;
  if (a === undefined || b === undefined || more.length > 0) {
    throw new UsageError(
      "Cannot compare: it takes two recordings -> npx ringside compare mine.json theirs.json",
    );
  }
  const { compareRecordings } = await import("../measure/index.js");
  const pair = [await find(a), await find(b)] as const;
  const comparison = compareRecordings(...pair);
  if (comparison.rows.length === 0) {
    throw new Error(
      `Cannot compare ${a} and ${b}: they have no measurement in common -> record the same notebooks on both`,
    );
  }
  if (request.flag("json")) {
    console.log(JSON.stringify({ a: about(pair[0]), b: about(pair[1]), ...comparison }, null, 2));
    return 0;
  }
  const figure = await draw(pair, comparison);
  console.log(figure.text);
  for (const [which, missing] of [
    ["first", comparison.onlyA] as const,
    ["second", comparison.onlyB] as const,
  ]) {
    if (missing.length > 0) console.log(`Only the ${which} has: ${missing.join(", ")}.`);
  }
  const save = request.value("save");
  if (save !== undefined) writeTarget(targetFile("--save", save), figure.svg);
  return 0;
}

async function find(typed: string): Promise<Recording> {
  const { listRecordings, readRecording } = await import("../measure/index.js");
  if (existsSync(typed)) return readRecording(typed);
  const stored = listRecordings();
  const found = stored.find(({ file, recording }) => `${basename(file)} ${recording.name}`.includes(typed));
  if (found !== undefined) return found.recording;
  const names = stored.map(({ file }) => basename(file, ".json")).join(", ") || "none yet";
  throw new UsageError(`Cannot compare ${typed}: no such file or recording -> there are ${names}`);
}

function about({ name, date, environment }: Recording): object {
  const { kernel, cpuModel, cpuCount } = environment;
  return { name, date, kernel, cpuModel, cpuCount };
}

async function draw(pair: readonly [Recording, Recording], { rows }: RecordingComparison): Promise<Figure> {
  const { MOST_ROWS, sideBySideFigure } = await import("../plot/index.js");
  const left = rows.length > MOST_ROWS ? ` Shown are the first ${MOST_ROWS} of ${rows.length}.` : "";
  const [a, b] = pair.map(({ name, environment, date }) => ({
    name,
    machine: `${environment.cpuModel}, ${environment.cpuCount} CPUs, Linux ${environment.kernel.split(" ")[0]}`,
    date: date.slice(0, 10),
  }));
  return sideBySideFigure({
    title: "Two machines side by side",
    note: `A: ${a!.name}, ${a!.date}. B: ${b!.name}, ${b!.date}. The bar says how many times as much B measured as A.${left}`,
    provenance: {
      machine: `A: ${a!.machine} · B: ${b!.machine}`,
      kernel: "two recordings",
      mode: "recorded",
    },
    rows: rows.slice(0, MOST_ROWS).map((row) => ({ name: nameOf(row), unit: row.unit, a: row.a, b: row.b })),
  });
}

function nameOf({ experiment, params }: SideBySide): string {
  return params === "" ? experiment : `${experiment} (${params})`;
}
