import { countAt, type TraceProgram, type Window } from "./program.js";
import { startWatching, type Watched } from "./watched.js";

/** How often watched threads were woken on one CPU and then ran on another, or the same. */
export interface Wakeups {
  /** The CPU of whoever woke: a softirq that brought a packet, another thread, a timer. */
  readonly wakerCpu: number;
  /** The CPU that the thread then ran on. */
  readonly runCpu: number;
  readonly count: number;
}

/** Attaches the counter of wake-ups by CPU pair. @source tracepoints sched_waking, sched_switch */
export function startWakeups(watched: Watched): TraceProgram {
  return startWatching("trace_wakeups", watched);
}

/** The wake-ups counted in a window, by CPU pair; a pair without any has no row. */
export function readWakeups(program: TraceProgram, window: Window): Wakeups[] {
  return program
    .rows("wakeup_counts")
    .filter(({ key }) => key.getUint32(0, true) === window)
    .map(({ key, value }) => ({
      wakerCpu: key.getUint32(4, true),
      runCpu: key.getUint32(8, true),
      count: countAt(value, 0),
    }))
    .sort((a, b) => a.wakerCpu - b.wakerCpu || a.runCpu - b.runCpu);
}
