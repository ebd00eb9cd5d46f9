// The second table of "bench paths": what each core did at the largest load, and how latency grows on the way to it.
import type { BakeOffOutcome, PathOutcome } from "../measure/index.js";
import { isAccountedFor } from "./bench-paths-losses.js";
import { row } from "./bench-paths-tables.js";

const SHARES = [0.2, 0.5, 0.8, 0.95];

/** A row for each path: both cores' use, then p50 and p99 at shares of its rate without loss, then what the columns are. */
export function belowLines({ paths, cpus }: BakeOffOutcome): string[] {
  const at = SHARES.flatMap((share) => [`p50@${100 * share}`, `p99@${100 * share}`]);
  return [
    row(["path", `CPU ${cpus.injector} %`, `CPU ${cpus.consumer} %`, ...at]),
    ...paths
      .filter(isAccountedFor)
      .map((path) => row([path.title, ...coresBusy(path, cpus), ...SHARES.flatMap(times(path))])),
    "CPU: how much of it was busy at the largest load, softirq included; p50@20: µs from the intended send time at 20 % of NDR, - where nobody can tell packets apart",
    ...timedLines(paths),
  ];
}

/** What the latencies end with, for those that do not end where a program of ours takes the packet. */
export function timedLines(paths: readonly Pick<PathOutcome, "title" | "ends" | "timedUntil">[]): string[] {
  return paths
    .filter(({ ends, timedUntil }) => ends === "elsewhere" && timedUntil !== null)
    .map(({ title, timedUntil }) => `${title}: latency until ${timedUntil}`);
}

/** Share of the time that each core was busy at the largest load, in percent; a dash where it had no part. */
export function coresBusy({ max }: Pick<PathOutcome, "max">, cpus: BakeOffOutcome["cpus"]): string[] {
  return [cpus.injector, cpus.consumer].map((wanted) => {
    const core = max.cpus.find(({ cpu }) => cpu === wanted);
    return core === undefined ? "-" : String(Math.round(core.busy * 100));
  });
}

function times({ below }: PathOutcome): (share: number) => string[] {
  return (share) => {
    const at = below?.latency.find((each) => each.share === share && each.received > 0);
    return [at?.p50Ns, at?.p99Ns].map((ns) => (ns === undefined ? "-" : (ns / 1000).toFixed(1)));
  };
}
