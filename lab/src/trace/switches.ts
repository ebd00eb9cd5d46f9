import { countAt, type TraceProgram, type Window } from "./program.js";
import { startWatching, type Watched } from "./watched.js";

/** How often one thread left its CPU. */
export interface ThreadSwitches {
  readonly tid: number;
  /** It waited for something. */
  readonly voluntary: number;
  /** It could have gone on, and another thread was put in its place. */
  readonly involuntary: number;
}

/** Attaches the counter of context switches. @source tracepoint sched_switch */
export function startSwitches(watched: Watched): TraceProgram {
  return startWatching("trace_switches", watched);
}

/** The switches counted in a window, by thread; a thread that never left its CPU has no row. */
export function readSwitches(program: TraceProgram, window: Window): ThreadSwitches[] {
  return program
    .rows("switch_counts")
    .filter(({ key }) => key.getUint32(0, true) === window)
    .map(({ key, value }) => ({
      tid: key.getUint32(4, true),
      voluntary: countAt(value, 0),
      involuntary: countAt(value, 8),
    }))
    .sort((a, b) => a.tid - b.tid);
}
