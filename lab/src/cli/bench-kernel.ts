// What the machine and its kernel take, each beside a second opinion: the injector, a system call, io_uring, the rings of AF_XDP.
import { type Figure, figureOf, type Missing, measured } from "./bench-report.js";

/** The goal of every loop in TypeScript that has a twin in C. */
const asFastAsC = (value: number): Figure["goal"] => ({ text: "at least 0.95", met: value >= 0.95 });

export async function injectorFigure(): Promise<(Figure | Missing)[]> {
  const { benchmarks } = await import("../measure/index.js");
  return measured("injector, dropped by native XDP", benchmarks.injectorRate, async ({ samplesPps }) => [
    await figureOf(
      "injector, dropped by native XDP",
      samplesPps.map((pps) => pps / 1e6),
      "Mpps",
    ),
  ]);
}

export async function syscallFigures(): Promise<(Figure | Missing)[]> {
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

export async function uringFigures(): Promise<(Figure | Missing)[]> {
  const { benchmarks } = await import("../measure/index.js");
  return measured("io_uring", benchmarks.uringLanguages, async ({ pairs }) => {
    const figures: Figure[] = [];
    for (const { batch, typescript, c, rateRatio } of pairs) {
      figures.push(
        await figureOf(`io_uring, batches of ${batch}, TypeScript`, typescript.samplesNs, "ns/read"),
      );
      figures.push(await figureOf(`io_uring, batches of ${batch}, C`, c.samplesNs, "ns/read"));
      figures.push(await figureOf("  rate of TypeScript / C", rateRatio.ratios, "×", asFastAsC));
    }
    return figures;
  });
}

export async function loopFigures(): Promise<(Figure | Missing)[]> {
  const { benchmarks } = await import("../measure/index.js");
  return measured("AF_XDP", benchmarks.afXdpLoops, async ({ receive, transmit, loop }) => [
    await figureOf(
      "AF_XDP receive, injection included, TypeScript",
      receive.typescript.samplesNs,
      "ns/packet",
    ),
    await figureOf("AF_XDP receive, rate of TypeScript / C", receive.rateRatio.ratios, "×", asFastAsC),
    await figureOf("AF_XDP transmit, TypeScript", transmit.typescript.samplesNs, "ns/packet"),
    await figureOf("AF_XDP transmit, rate of TypeScript / C", transmit.rateRatio.ratios, "×", asFastAsC),
    await figureOf("receive loop alone, EtherType read, TypeScript", loop.typescript.samplesNs, "ns/packet"),
    await figureOf("receive loop alone, EtherType read, C", loop.c.samplesNs, "ns/packet"),
  ]);
}
