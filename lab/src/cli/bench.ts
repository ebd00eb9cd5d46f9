import { timeCells } from "./bench-cells.js";
import { timePage } from "./bench-page.js";
import { JSON_OPTION, type Request, type Verb } from "./verb.js";

export const bench: Verb = {
  name: "bench",
  summary: "measure the lab itself, each figure with its interval",
  operands: "",
  options: { json: JSON_OPTION },
  details: `AF_XDP in TypeScript against the same in C, in turns; the injector's rate; our figures for a system call and a context
switch against perf's; io_uring batches in TypeScript against C; the time that a cell takes, in Jupyter and on the course page; a
key-value server with its cache in XDP against the same without; connections a second by each design of server. Waits for a quiet machine, and says so where it does not
get one. Needs root. Leaves with 0 even where a goal is missed: on another machine that is a finding, not a failure. "bench paths"
compares the ways to a program.`,
  run: runBench,
};

/** One line of the report. */
interface Figure {
  readonly what: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly unit: string;
  readonly samples: number;
  /** The goal in words, and whether the median meets it; null where there is none. */
  readonly goal: { readonly text: string; readonly met: boolean } | null;
}

/** A figure that there is not, and why. */
interface Missing {
  readonly what: string;
  readonly reason: string;
}

async function runBench(request: Request): Promise<number> {
  const { recordEnvironment } = await import("../measure/index.js");
  const environment = recordEnvironment();
  const report: (Figure | Missing)[] = [];
  for (const part of [
    cellFigures,
    pageFigure,
    injectorFigure,
    syscallFigures,
    uringFigures,
    loopFigures,
    requestFigures,
    acceptFigures,
    stackFigures,
    runFigures,
  ]) {
    const figures = await part();
    report.push(...figures);
    if (!request.flag("json")) for (const figure of figures) console.log(line(figure));
  }
  if (request.flag("json")) console.log(JSON.stringify({ environment, figures: report }, null, 2));
  else
    console.log(
      `\n${environment.cpuCount} x ${environment.cpuModel}, ${environment.kernel}, Node.js ${environment.node}`,
    );
  return report.some((figure) => "reason" in figure) ? 1 : 0;
}

async function cellFigures(): Promise<Figure[]> {
  const { roundTrip, delayed, importing } = await timeCells();
  return [
    await figureOf("cell round trip", roundTrip, "ms", (value) => ({ text: "under 15", met: value < 15 })),
    await figureOf("cell round trip without TCP_NODELAY", delayed, "ms"),
    await figureOf("cell that imports ringside", importing, "ms", (value) => ({
      text: "under 200",
      met: value < 200,
    })),
  ];
}

async function pageFigure(): Promise<Figure[]> {
  const goal = (value: number): Figure["goal"] => ({ text: "under 100", met: value < 100 });
  return [await figureOf("course page, cell edit to first output", await timePage(), "ms", goal)];
}

async function injectorFigure(): Promise<(Figure | Missing)[]> {
  const { benchmarks } = await import("../measure/index.js");
  return measured("injector, dropped by native XDP", benchmarks.injectorRate, async ({ samplesPps }) => [
    await figureOf(
      "injector, dropped by native XDP",
      samplesPps.map((pps) => pps / 1e6),
      "Mpps",
    ),
  ]);
}

async function syscallFigures(): Promise<(Figure | Missing)[]> {
  const { benchmarks } = await import("../measure/index.js");
  const agree = (value: number): Figure["goal"] => ({
    text: "0.95 to 1.05",
    met: value >= 0.95 && value <= 1.05,
  });
  return measured("system call", benchmarks.syscallAgainstPerf, async ({ syscall, roundTrip }) => [
    await figureOf("system call, our loop", syscall.ours.samplesNs, "ns"),
    await figureOf("system call, perf bench", syscall.perf.samplesNs, "ns"),
    await figureOf("  ours / perf's", syscall.ratio.ratios, "×", agree),
    await figureOf("two context switches by pipe, our loop", roundTrip.ours.samplesNs, "ns"),
    await figureOf("two context switches by pipe, perf bench", roundTrip.perf.samplesNs, "ns"),
    await figureOf("  ours / perf's", roundTrip.ratio.ratios, "×", agree),
  ]);
}

async function uringFigures(): Promise<(Figure | Missing)[]> {
  const { benchmarks } = await import("../measure/index.js");
  const goal = (value: number): Figure["goal"] => ({ text: "at least 0.95", met: value >= 0.95 });
  return measured("io_uring", benchmarks.uringLanguages, async ({ pairs }) => {
    const figures: Figure[] = [];
    for (const { batch, typescript, c, rateRatio } of pairs) {
      figures.push(
        await figureOf(`io_uring, batches of ${batch}, TypeScript`, typescript.samplesNs, "ns/read"),
      );
      figures.push(await figureOf(`io_uring, batches of ${batch}, C`, c.samplesNs, "ns/read"));
      figures.push(await figureOf("  rate of TypeScript / C", rateRatio.ratios, "×", goal));
    }
    return figures;
  });
}

async function loopFigures(): Promise<(Figure | Missing)[]> {
  const { benchmarks } = await import("../measure/index.js");
  const goal = (value: number): Figure["goal"] => ({ text: "at least 0.95", met: value >= 0.95 });
  return measured("AF_XDP", benchmarks.afXdpLoops, async ({ receive, transmit, loop }) => [
    await figureOf(
      "AF_XDP receive, injection included, TypeScript",
      receive.typescript.samplesNs,
      "ns/packet",
    ),
    await figureOf("AF_XDP receive, rate of TypeScript / C", receive.rateRatio.ratios, "×", goal),
    await figureOf("AF_XDP transmit, TypeScript", transmit.typescript.samplesNs, "ns/packet"),
    await figureOf("AF_XDP transmit, rate of TypeScript / C", transmit.rateRatio.ratios, "×", goal),
    await figureOf("receive loop alone, EtherType read, TypeScript", loop.typescript.samplesNs, "ns/packet"),
    await figureOf("receive loop alone, EtherType read, C", loop.c.samplesNs, "ns/packet"),
  ]);
}

async function requestFigures(): Promise<(Figure | Missing)[]> {
  const { benchmarks } = await import("../measure/index.js");
  return measured(
    "key-value answers",
    benchmarks.requestRates,
    async ({ serverOnly, withCache, allHits }) => [
      await figureOf("key-value answers by the server alone", serverOnly.samplesPerS, "/s"),
      await figureOf("key-value answers by its cache in XDP", withCache.at(-1)!.samplesPerS, "/s"),
      await figureOf("answers by XDP / by the server alone", allHits.ratios, "×"),
    ],
  );
}

async function acceptFigures(): Promise<(Figure | Missing)[]> {
  const { benchmarks } = await import("../measure/index.js");
  return measured("short connections", benchmarks.acceptRates, async ({ rates }) => {
    const figures: Figure[] = [];
    for (const { title, samplesPerS, serverNs, overEpoll } of rates) {
      figures.push(await figureOf(`connections, ${title}`, samplesPerS, "/s"));
      const us = serverNs.map((ns) => ns / 1000);
      figures.push(await figureOf(`  its server's CPU a connection`, us, "µs"));
      figures.push(await figureOf(`  rate over epoll's`, overEpoll.ratios, "×"));
    }
    return figures;
  });
}

async function stackFigures(): Promise<(Figure | Missing)[]> {
  const { benchmarks } = await import("../measure/index.js");
  const us = (ns: number): string => (ns / 1e3).toPrecision(3);
  const echo = await measured("UDP echo", benchmarks.udpEcho, async ({ ours, kernel, ratio }) => {
    const figures: Figure[] = [];
    for (const [name, times] of Object.entries({ "our stack on AF_XDP": ours, "the kernel": kernel })) {
      const single = `p50 ${us(times.p50Ns)}, p99 ${us(times.p99Ns)}, p99.9 ${us(times.p999Ns)}`;
      const samples = times.samplesNs.map((ns) => ns / 1e3);
      figures.push(await figureOf(`UDP echo by ${name} (${single})`, samples, "µs"));
    }
    const goal = (value: number): Figure["goal"] => ({ text: "at most 0.5", met: value <= 0.5 });
    return [...figures, await figureOf("UDP echo, our stack / the kernel", ratio.ratios, "×", goal)];
  });
  const stream = await measured(
    "TCP goodput",
    benchmarks.tcpGoodput,
    async ({ oursMbps, kernelMbps, ratio }) => [
      await figureOf("TCP goodput, our stack sends", oursMbps, "Mbit/s"),
      await figureOf("TCP goodput, the kernel sends", kernelMbps, "Mbit/s"),
      await figureOf("TCP, time of our stack / of the kernel", ratio.ratios, "×"),
    ],
  );
  return [...echo, ...stream];
}

async function runFigures(): Promise<(Figure | Missing)[]> {
  const { benchmarks } = await import("../measure/index.js");
  return measured("XDP as a function", benchmarks.xdpRuns, async (outcome) => [
    await figureOf(
      "the lab's eBPF machine",
      outcome.instructionsPerSecond.map((each) => each / 1e6),
      "M instr/s",
    ),
    await figureOf("runOnCapture, a call for each packet", outcome.captureNs, "ns/packet"),
    await figureOf("the same program repeated by the kernel", outcome.repeatNs, "ns/run"),
  ]);
}

type AnyExperiment<Outcome> = import("../measure/index.js").Experiment<{ readonly rounds: number }, Outcome>;

/** Runs an experiment and turns its outcome into figures; a machine that is not fit for it gives a reason instead. */
async function measured<Outcome>(
  what: string,
  experiment: AnyExperiment<Outcome>,
  figures: (outcome: Outcome) => Promise<Figure[]>,
): Promise<(Figure | Missing)[]> {
  const { noGuess, runExperiment } = await import("../measure/index.js");
  const guess = noGuess(experiment.unit);
  const result = await runExperiment(experiment, {
    guess,
    gate: { waitMs: 60_000 },
    replay: false,
    onProgress: () => {},
  });
  if (result.status === "ok") return figures(result.outcome);
  return [{ what, reason: `${result.reason} -> ${result.next}` }];
}

async function figureOf(
  what: string,
  samples: readonly number[],
  unit: string,
  goal: (value: number) => Figure["goal"] = () => null,
): Promise<Figure> {
  const { median, medianInterval } = await import("../stats/index.js");
  const value = median(samples);
  return { what, value, ...medianInterval(samples), unit, samples: samples.length, goal: goal(value) };
}

function line(figure: Figure | Missing): string {
  if ("reason" in figure) return `${figure.what}: no figure: ${figure.reason}`;
  const { what, value, low, high, unit, samples, goal } = figure;
  const interval = `[${low.toPrecision(3)}, ${high.toPrecision(3)}]`;
  const verdict = goal === null ? "" : `  goal ${goal.text}: ${goal.met ? "met" : "missed"}`;
  return `${what.padEnd(48)} ${value.toPrecision(3).padStart(6)} ${unit.padEnd(10)} ${interval.padEnd(16)} n=${samples}${verdict}`;
}
