// What "bench paths --rate" prints: what came of each rate that was asked for, and how late.
import type { benchmarks } from "../measure/index.js";
import { timedLines } from "./bench-paths-below.js";
import { loadWords, row } from "./bench-paths-tables.js";

type Outcome = benchmarks.FixedRatesOutcome;
type PathAtRates = Outcome["paths"][number];

/** Names of the columns of `rateCells`. */
const RATE_HEAD: readonly string[] = "path asked offered received lost% p50 p90 p99 p99.9 most".split(" ");
/** The same where there is room for units. */
export const RATE_HEAD_WITH_UNITS: readonly string[] = [
  ...["path", "asked kpps", "offered kpps", "received", "lost %"],
  ...["p50", "p90", "p99", "p99.9", "most"].map((name) => `${name} µs`),
];
/** What they mean. */
export const RATE_UNITS =
  "asked, offered: packets a second, k; received: packets; latency in µs from the intended send time, - where nobody can tell packets apart";

/** A row for each path and rate, then where packets were lost, then who is not here, then what the columns are. */
export function rateLines(outcome: Outcome): string[] {
  const { paths, missing } = outcome;
  return [
    row(RATE_HEAD),
    ...paths.flatMap((path) => path.rates.map((at) => row(rateCells(path, at)))),
    ...lossLines(paths),
    ...missing.map(({ title, reason }) => `${title}: not here: ${reason}`),
    `${rateLoad(outcome)}; ${RATE_UNITS}`,
    ...timedLines(paths),
  ];
}

/** One path at one rate. */
export function rateCells({ title }: PathAtRates, at: PathAtRates["rates"][number]): string[] {
  const { ratePps, offeredPps, offered, received, latency } = at;
  const k = (pps: number): string => (pps / 1000).toFixed(1);
  const us = (ns: number | undefined): string => (ns === undefined ? "-" : (ns / 1000).toFixed(1));
  const times = [latency?.p50Ns, latency?.p90Ns, latency?.p99Ns, latency?.p999Ns, latency?.maxNs];
  const lost = ((100 * (offered - received)) / offered).toFixed(2);
  return [title, k(ratePps), k(offeredPps), String(received), lost, ...times.map(us)];
}

/** Where packets were lost, and how many; empty where none was. */
function lostWhere({ losses, unaccounted }: PathAtRates["rates"][number]): string {
  const named = losses.map(({ hop, packets }) => `${hop}: ${packets}`);
  return [...named, ...(unaccounted === 0 ? [] : [`nobody knows where: ${unaccounted}`])].join("; ");
}

/** A line for each path and rate at which packets were lost. */
export function lossLines(paths: Outcome["paths"]): string[] {
  return paths.flatMap((path) => path.rates.flatMap((at) => lossLine(path, at)));
}

function lossLine({ title }: PathAtRates, at: PathAtRates["rates"][number]): string[] {
  const where = lostWhere(at);
  const { ratePps, offered } = at;
  return where === "" ? [] : [`${title} at ${ratePps / 1000} kpps lost, of ${offered} offered: ${where}`];
}

/** The load, and which CPU did what. */
export function rateLoad({ frameBytes, batch, cpus }: Outcome): string {
  return `${loadWords({ frameBytes, batch, touch: "headers" })}; CPU ${cpus.injector} injects and runs the softirq, CPU ${cpus.consumer} consumes`;
}
