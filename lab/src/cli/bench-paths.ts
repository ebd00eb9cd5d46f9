// The comparison of every way to a program, as a table for people and JSON for programs.
import type { BakeOffOutcome, benchmarks } from "../measure/index.js";
import { bakeOffLines, languageLine, sendingLines } from "./bench-paths-tables.js";
import { JSON_OPTION, type Request, UsageError, type Verb } from "./verb.js";

type PollGaps = benchmarks.PollGapsOutcome;
type Languages = benchmarks.PathLanguagesOutcome;
type Sending = benchmarks.SendPathsOutcome;
type InjectorAgainstC = benchmarks.InjectorAgainstCOutcome;

export const benchPaths: Verb = {
  name: "bench paths",
  summary: "compare every way for a packet to reach a program",
  operands: "[path...]",
  options: {
    json: JSON_OPTION,
    bytes: {
      type: "string",
      placeholder: "n",
      help: "frame length without check sequence, 60 to 1514; 60 unless given",
    },
  },
  details: `For each path: packets a second at the maximum load and without loss, latency, system calls, buffers and CPU a packet; then its
loop in TypeScript against the same in C, in turns; the injector against a loop in C; and how long a loop that never sleeps is
not there. Some four minutes for all paths. Waits for a quiet machine, and says so where it does not get one. Needs root.

  npx ringside bench paths xdp-need-wakeup udp-recvmmsg`,
  run: runBenchPaths,
};

async function runBenchPaths(request: Request): Promise<number> {
  const { paths: known } = await import("../paths/index.js");
  const { benchmarks, measure, predict, recordEnvironment, runExperiment } = await import(
    "../measure/index.js"
  );
  const names = known.map(({ name }) => name).filter((name) => request.operands.includes(name));
  const unknown = request.operands.filter((word) => !known.some(({ name }) => name === word));
  if (unknown.length > 0) {
    throw new UsageError(
      `Cannot bench ${unknown.join(", ")}: no such path -> there are ${known.map(({ name }) => name).join(", ")}`,
    );
  }
  const isJson = request.flag("json");
  const frameBytes = frameBytesOf(request);
  // Nobody predicts here: the guess is only what a run cannot do without.
  const options = {
    guess: predict(1, "×"),
    gate: { waitMs: 60_000 },
    replay: false,
    onProgress: () => {},
  };
  const results = {
    environment: recordEnvironment(),
    bakeOff: await measure.bakeOff({ ...options, paths: names, frameBytes, turns: 10 }),
    ...(names.length === 0 && {
      sending: await runExperiment(benchmarks.sendPaths, { ...options, frameBytes }),
    }),
    languages: await runExperiment(benchmarks.pathLanguages, { ...options, paths: names }),
    injector: await runExperiment(benchmarks.injectorAgainstC, options),
    pollGaps: await runExperiment(benchmarks.pollGaps, options),
  };
  if (isJson) console.log(JSON.stringify(results, null, 2));
  else printAll(results);
  const parts = [results.bakeOff, results.sending, results.languages, results.injector, results.pollGaps];
  return parts.every((part) => part === undefined || part.status === "ok") ? 0 : 1;
}

function frameBytesOf(request: Request): number {
  const text = request.value("bytes") ?? "60";
  const bytes = Number(text);
  if (Number.isInteger(bytes) && bytes >= 60 && bytes <= 1514) return bytes;
  throw new UsageError(`Cannot bench frames of ${text} bytes: Ethernet has 60 to 1514 -> try --bytes 60`);
}

/** A result, as far as printing needs it. */
type Part<Outcome> =
  | { readonly status: "ok"; readonly outcome: Outcome }
  | { readonly status: "refused" | "aborted"; readonly reason: string; readonly next: string };

interface Parts {
  readonly bakeOff: Part<BakeOffOutcome>;
  readonly sending?: Part<Sending>;
  readonly languages: Part<Languages>;
  readonly injector: Part<InjectorAgainstC>;
  readonly pollGaps: Part<PollGaps>;
}

function printAll({ bakeOff, sending, languages, injector, pollGaps }: Parts): void {
  printPart("paths", bakeOff, bakeOffLines);
  if (sending !== undefined) printPart("the way out", sending, sendingLines);
  printPart("TypeScript against C, on one CPU", languages, ({ pairs }) => pairs.map(languageLine));
  printPart("injector against C", injector, ({ ratio, batch }) => [
    `${ratio.medianRatio.toFixed(3)} × [${ratio.low.toFixed(3)}, ${ratio.high.toFixed(3)}], C with batches of ${batch}, goal 0.98 ${ratio.medianRatio >= 0.98 ? "met" : "missed"}`,
  ]);
  printPart("gaps between two looks at an empty ring", pollGaps, ({ typescript, c, p999Ratio }) => [
    `TypeScript  p50 ${typescript.p50Ns} ns, p99.9 ${typescript.p999Ns} ns, ${typescript.above20Us} above 20 µs`,
    `C           p50 ${c.p50Ns} ns, p99.9 ${c.p999Ns} ns, ${c.above20Us} above 20 µs`,
    `p99.9 ratio ${p999Ratio.toFixed(1)} ×: a look in TypeScript is longer, since its clock and its histogram are; only gaps that are much longer than a look are pauses`,
  ]);
}

function printPart<Outcome>(
  title: string,
  part: Part<Outcome>,
  lines: (outcome: Outcome) => readonly string[],
): void {
  console.log(`\n${title}`);
  if (part.status === "ok") for (const line of lines(part.outcome)) console.log(line);
  else console.log(`no figure: ${part.reason} -> ${part.next}`);
}
