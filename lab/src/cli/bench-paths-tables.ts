// What "bench paths" prints: outcomes to lines of text.
import type {
  BakeOffOutcome,
  benchmarks,
  PathLoad,
  PathOutcome,
  PathSweepOutcome,
  SweepAxis,
  SweepPoint,
} from "../measure/index.js";
import type { FoundRate, PathName } from "../paths/index.js";
import { isAccountedFor, lossLines, voidLines } from "./bench-paths-losses.js";
import { orderWords } from "./bench-paths-order.js";

/** Paths whose loop is not ours but Node's own: what they lose to C is no defect of the lab. */
const NODES_OWN: readonly string[] = ["node-dgram"];

const AXES: Readonly<Record<SweepAxis, string>> = {
  frameBytes: "bytes of a frame without check sequence",
  batch: "the most packets that are handled at once",
  touch: "what is read of each packet, in frames of 1020 bytes",
};

/** Room for the longest title there is. */
const NAME_WIDTH = 40;
const HEAD = [
  "path",
  "Mpps",
  "ns",
  "NDR kpps",
  "PDR kpps",
  "p50 µs",
  "p99 µs",
  "p99.9 µs",
  "calls",
  "skbs",
  "copies",
  "CPU ns",
  "one CPU",
];

/**
 * A row for each path, then whose figures are void and who received nothing, where packets were lost, who is not here, and what the
 * columns are.
 */
export function bakeOffLines(outcome: BakeOffOutcome): string[] {
  const { paths, missing, cpus } = outcome;
  return [
    row(HEAD),
    ...paths.filter(isAccountedFor).map((path) => row(cells(path))),
    ...voidLines(paths),
    ...paths.filter(({ nsPerPacket }) => nsPerPacket === null).map(nothingCame),
    ...paths
      .filter(({ load }) => load === "itself")
      .map(({ title, how }) => `${title}: no packets from a wire: ${how}`),
    ...lossLines(paths),
    ...missing.map(({ title, reason }) => `${title}: not here: ${reason}`),
    ...orderWords(paths),
    `${loadWords(outcome)}; CPU ${cpus.injector} injects and runs the softirq, CPU ${cpus.consumer} consumes; NDR, PDR: the largest rate without loss and with at most 0.5 %, ≥ where the injector could offer no more; latency at half of NDR, from the intended send time; calls, skbs and copies a packet, counted while the program only looks, so that no call was made in vain: the loop that is rated waits, too, by a call more wherever it finds nothing; CPU ns of the thread that ends a packet, ours, DPDK's or the kernel's behind a cpumap, and with a plus of the kernel's thread that receives for ours, SQPOLL (a dash: the softirq that brings it ends it; a thread that never sleeps is charged for idle looks, and DPDK's AF_XDP port calls the kernel at each of them); one CPU: CPU ns a packet where injection, softirq and program share one CPU in turns, a dash where a thread that is neither works for the path or packets were lost`,
  ];
}

/** The load in words: `frames of 60 bytes, up to 64 at once, headers read`. */
export function loadWords({ frameBytes, batch, touch }: PathLoad): string {
  return `${framesWords(frameBytes)}, up to ${batch} at once, ${touch === "bytes" ? "all bytes" : touch} read`;
}

/** `frames of 60 bytes`. */
export function framesWords(frameBytes: PathLoad["frameBytes"]): string {
  return frameBytes === "imix" ? "frames of the Internet's mix of sizes" : `frames of ${frameBytes} bytes`;
}

/** A table of a sweep: a row for each path, a column for each setting. */
export function sweepLines(
  { axis, points }: PathSweepOutcome,
  titleOf: (name: PathName) => string,
): string[] {
  const settings = [...new Set(points.map(({ at }) => at))];
  const names = [...new Set(points.map(({ path }) => path))];
  const rows = (value: (point: SweepPoint) => string): string[] =>
    names.map((name) => row([titleOf(name), ...points.filter(({ path }) => path === name).map(value)]));
  const head = (unit: string): string => row([unit, ...settings.map(String)]);
  return [
    head("ns a packet"),
    ...rows(({ nsPerPacket }) => (Number.isFinite(nsPerPacket) ? nsPerPacket.toFixed(0) : "-")),
    head("Gbit/s"),
    ...rows(({ gigabitsPerSecond }) => gigabitsPerSecond.toFixed(2)),
    `over ${AXES[axis]}; median of rounds in turns at the largest load; a path at which nothing came has no time`,
  ];
}

/** Rates without loss and with next to none, and latencies at half of the first. @param more marks a rate that only its source kept from being higher */
export function belowCells(below: PathOutcome["below"], more = "≥"): string[] {
  const half = below?.latency.find(({ share }) => share === 0.5);
  const us = (ns: number | undefined): string => (ns === undefined ? "-" : (ns / 1000).toFixed(1));
  const kpps = (found: FoundRate | undefined): string =>
    found === undefined ? "-" : `${found.limit === "source" ? more : ""}${(found.ratePps / 1000).toFixed(0)}`;
  return [kpps(below?.ndr), kpps(below?.pdr), us(half?.p50Ns), us(half?.p99Ns), us(half?.p999Ns)];
}

function cells({ title, max, nsPerPacket, oneCpu, below, events, copies }: PathOutcome): string[] {
  const each = (count: number | null | undefined): string =>
    events === null || count === null || count === undefined ? "-" : (count / events.packets).toFixed(3);
  return [
    title,
    (max.medianPps / 1e6).toFixed(3),
    nsPerPacket === null ? "-" : nsPerPacket.toFixed(0),
    ...belowCells(below),
    each(events?.receiving),
    each(events?.skbs),
    String(copies.count),
    cpuWords(max),
    oneCpu === null ? "-" : oneCpu.medianNs.toFixed(0),
  ];
}

/** CPU time a packet, in ns: of the thread that ends it, and "+" that of the kernel's thread that receives for it, where there is one. */
export function cpuWords({ consumerCpuNs, helperCpuNs }: PathOutcome["max"]): string {
  if (consumerCpuNs === null) return "-";
  const own = consumerCpuNs.toFixed(0);
  return helperCpuNs === null ? own : `${own}+${helperCpuNs.toFixed(0)}`;
}

/** Cells of one line of a table, the first as wide as the longest title. */
export function row([first, ...rest]: readonly string[]): string {
  return [first.padEnd(NAME_WIDTH), ...rest.map((cell) => cell.padStart(8))].join(" ");
}

/** What became of the packets of a path that received none while they were offered. */
function nothingCame({ title, max: { offered, received, losses } }: PathOutcome): string {
  const hops = losses.map(({ hop, packets, next }) => `${hop}: ${packets} -> ${next}`);
  const all = [`${received} of ${offered} came, too late for a rate`, ...hops];
  return `${title}: nothing came while the load was offered; ${all.join("; ")}`;
}

/** How a path in TypeScript, receiving or sending, does beside its twin in C, and whether that is enough. */
export function languageLine({ path, title, rateRatio }: benchmarks.PathPair | benchmarks.SendPair): string {
  const { medianRatio, low, high, noise } = rateRatio;
  const interval = `[${low.toFixed(3)}, ${high.toFixed(3)}]`;
  const goal = NODES_OWN.includes(path)
    ? "no goal: the loop is Node's own"
    : `goal 0.95 ${medianRatio >= 0.95 ? "met" : "missed"}`;
  return `${title.padEnd(NAME_WIDTH)} ${medianRatio.toFixed(3)} × ${interval}, noise ${(noise * 100).toFixed(1)} %, ${goal}`;
}
