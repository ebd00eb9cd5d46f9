// The way out, as "bench paths" prints and draws it.
import type { benchmarks } from "../measure/index.js";
import { belowCells, framesWords, row } from "./bench-paths-tables.js";

/** Names of the columns of `sendingCells`. */
export const SENDING_HEAD: readonly string[] = [
  ...["path", "Mpps", "NDR kpps", "PDR kpps", "p50 µs", "p99 µs", "p99.9 µs", "CPU ns", "calls", "skbs"],
  ...["copies", "polls", "switches"],
];

/** A row for each way out, then who is not here, then what the columns are. */
export function sendingLines(outcome: benchmarks.SendPathsOutcome): string[] {
  return [
    row(SENDING_HEAD),
    ...outcome.paths.map((path) => row(sendingCells(path))),
    ...sendingNotes(outcome),
  ];
}

/** One way out. */
export function sendingCells(path: benchmarks.SendPathOutcome): string[] {
  const { title, medianPps, cpuNs, events, copies, below } = path;
  const each = (count: number): string => (count / events.packets).toFixed(3);
  const { voluntary, involuntary } = events.switches;
  return [
    title,
    (medianPps / 1e6).toFixed(3),
    ...belowCells(below, ""),
    cpuNs.toFixed(0),
    each(events.sending),
    each(events.skbs),
    String(copies.count),
    each(events.napi.polls),
    each(voluntary + involuntary),
  ];
}

/** Who is not here, and what the columns are. */
export function sendingNotes({ missing, frameBytes, cpu }: benchmarks.SendPathsOutcome): string[] {
  return [
    ...missing.map(({ title, reason }) => `${title}: not here: ${reason}`),
    `${framesWords(frameBytes)}; CPU ${cpu} sends and runs the softirq of the far end, which drops each packet in its driver; NDR, PDR: the largest rate that the sender keeps with nothing lost, and with at most 0.5 %; latency at half of NDR, from the intended send time until the far end's program sees the packet; half of the skbs are the far end's, where native XDP wants packets of its own; polls: the kernel's of the far end's interface; calls, skbs, polls and switches of the thread are counted in bursts of 128, between which the sender waits for the last to come: the loop that is rated does not`,
  ];
}
