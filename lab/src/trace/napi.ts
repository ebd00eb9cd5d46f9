import { countAt, startProgram, type TraceProgram, textAt, type Window } from "./program.js";

/** What NAPI did for one device. */
export interface NapiPolls {
  readonly device: string;
  readonly ifindex: number;
  /** Inode number of the device's network namespace. */
  readonly netns: number;
  readonly polls: number;
  /** Packets handled by all polls together, as the driver reported them. */
  readonly work: number;
  /** Polls that found nothing. */
  readonly emptyPolls: number;
  /** Polls that used their whole budget, so that the kernel polls again at once. */
  readonly fullPolls: number;
}

/** Attaches the counter of NAPI polls. @source tracepoint napi:napi_poll */
export function startNapi(): TraceProgram {
  return startProgram("trace_napi");
}

/** The polls counted in a window, by device of any namespace, the busiest first. */
export function readNapi(program: TraceProgram, window: Window): NapiPolls[] {
  return program
    .rows("napi_counts")
    .filter(({ key }) => key.getUint32(0, true) === window)
    .map(({ key, value }) => ({
      device: textAt(value, 32, 16),
      ifindex: key.getUint32(8, true),
      netns: key.getUint32(4, true),
      polls: countAt(value, 0),
      work: countAt(value, 8),
      emptyPolls: countAt(value, 16),
      fullPolls: countAt(value, 24),
    }))
    .sort((a, b) => b.work - a.work);
}
