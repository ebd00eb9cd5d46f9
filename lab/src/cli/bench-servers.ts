// How much servers and protocols get through: cached answers, short connections, our stack beside the kernel's.
import type { benchmarks } from "../measure/index.js";
import { type Figure, figureOf, type Missing, measured } from "./bench-report.js";

export async function requestFigures(): Promise<(Figure | Missing)[]> {
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

export async function acceptFigures(): Promise<(Figure | Missing)[]> {
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

/** Who asks and who answers, each end on its own CPU. */
const ECHOES = {
  ours: "our stack at both ends",
  sleeping: "sockets that sleep",
  spinning: "sockets that spin",
  oursAnswers: "a socket that sleeps asks our stack",
} as const;

/** Quantiles of one arrangement's answers, of all rounds together. */
function echoFigures(name: string, { p50, p99, p999, answers }: benchmarks.EchoTimes): Figure[] {
  return Object.entries({ p50, p99, "p99.9": p999 }).map(([quantile, { ns, low, high }]) => ({
    what: `UDP echo, ${name}, ${quantile}`,
    ...{ value: ns / 1e3, low: low / 1e3, high: high / 1e3, unit: "µs", samples: answers, goal: null },
  }));
}

export async function stackFigures(): Promise<(Figure | Missing)[]> {
  const { benchmarks } = await import("../measure/index.js");
  const echo = await measured("UDP echo", benchmarks.udpEcho, async (outcome) => {
    const figures: Figure[] = [];
    for (const [key, name] of Object.entries(ECHOES))
      figures.push(...echoFigures(name, outcome[key as keyof typeof ECHOES]));
    const { againstSleeping, againstSpinning, onlyAnswerer } = outcome;
    const goal = (value: number): Figure["goal"] => ({ text: "at most 0.5", met: value <= 0.5 });
    return [
      ...figures,
      await figureOf("p50, ours / sockets that sleep (most: not woken)", againstSleeping.ratios, "×", goal),
      await figureOf("p50, ours / sockets that spin", againstSpinning.ratios, "×"),
      await figureOf("p50, only the answering end is ours / sleeps", onlyAnswerer.ratios, "×"),
    ];
  });
  return [...echo, ...(await partFigures()), ...(await streamFigures()), ...(await requestsOverTcp())];
}

/** What each layer adds to a packet. */
async function partFigures(): Promise<(Figure | Missing)[]> {
  const { benchmarks } = await import("../measure/index.js");
  return measured(
    "a packet's way through our stack",
    benchmarks.stackParts,
    async ({ sizes, tcpRequest }) => {
      const figures: Figure[] = [];
      for (const { payloadBytes, parts, whole } of sizes) {
        figures.push(
          await figureOf(`our stack, a datagram of ${payloadBytes} B, answered`, whole.samplesNs, "ns"),
        );
        for (const { name, samplesNs } of parts) figures.push(await figureOf(`  ${name}`, samplesNs, "ns"));
      }
      return [...figures, await figureOf("our stack, a TCP request, both ends", tcpRequest.samplesNs, "ns")];
    },
  );
}

/** The goal beside lwIP, which `measure/lwip-host.ts` says how like ours it is; beside the kernel there is none. */
const ahead = (value: number): Figure["goal"] => ({ text: "at least 1", met: value >= 1 });

async function streamFigures(): Promise<(Figure | Missing)[]> {
  const { benchmarks } = await import("../measure/index.js");
  return measured("TCP goodput", benchmarks.tcpGoodput, async (outcome) => [
    await figureOf("TCP goodput, our stack sends", outcome.oursMbps, "Mbit/s"),
    await figureOf("TCP goodput, lwIP sends", outcome.lwipMbps, "Mbit/s"),
    await figureOf("TCP goodput, the kernel sends", outcome.kernelMbps, "Mbit/s"),
    await figureOf("  our stack / the kernel", outcome.overKernel.ratios, "×"),
    await figureOf("  our stack / lwIP", outcome.overLwip.ratios, "×", ahead),
  ]);
}

async function requestsOverTcp(): Promise<(Figure | Missing)[]> {
  const { benchmarks } = await import("../measure/index.js");
  return measured("TCP requests", benchmarks.tcpRequests, async ({ jobs }) => {
    const figures: Figure[] = [];
    for (const { title, oursPerS, lwipPerS, kernelPerS, overKernel, overLwip } of jobs) {
      figures.push(await figureOf(`TCP, ${title}, our stack`, oursPerS, "/s"));
      figures.push(await figureOf("  lwIP", lwipPerS, "/s"));
      figures.push(await figureOf("  the kernel", kernelPerS, "/s"));
      figures.push(await figureOf("  our stack / the kernel", overKernel.ratios, "×"));
      figures.push(await figureOf("  our stack / lwIP", overLwip.ratios, "×", ahead));
    }
    return figures;
  });
}
