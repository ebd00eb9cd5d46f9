import { countAt, startProgram, type TraceProgram, type Window } from "./program.js";

/** @source include/linux/interrupt.h (Linux 6.1 to 6.18) */
const VECTORS = [
  "HI",
  "TIMER",
  "NET_TX",
  "NET_RX",
  "BLOCK",
  "IRQ_POLL",
  "TASKLET",
  "SCHED",
  "HRTIMER",
  "RCU",
];

/** How often one CPU ran one kind of softirq. */
export interface Softirqs {
  readonly cpu: number;
  /** E.g. `NET_RX`: packets that came in. */
  readonly kind: string;
  readonly runs: number;
}

/** Attaches the counter of softirqs. @source tracepoint softirq_entry */
export function startSoftirqs(): TraceProgram {
  return startProgram("trace_softirqs");
}

/** The softirqs counted in a window, by CPU and kind, over the whole machine. */
export function readSoftirqs(program: TraceProgram, window: Window): Softirqs[] {
  return program
    .rows("softirq_counts")
    .filter(({ key }) => key.getUint32(0, true) === window)
    .map(({ key, value }) => {
      const vector = key.getUint32(8, true);
      const kind = VECTORS[vector] ?? `softirq ${vector}`;
      return { cpu: key.getUint32(4, true), kind, runs: countAt(value, 0) };
    })
    .sort((a, b) => a.cpu - b.cpu || b.runs - a.runs);
}
