import { startProgram, type TraceProgram } from "./program.js";

/** Whose events count: single threads, or every thread of a process, those it starts later included. */
export interface Watched {
  /** Thread ids, as `threadId()` gives them. */
  readonly tids?: readonly number[];
  /** Process ids. */
  readonly pids?: readonly number[];
}

const KIND = { thread: 0, process: 1 } as const; // enum watched_kind in kernels/bpf/trace_watched.h

/** Starts a program of kernels/bpf that counts for watched threads only. @throws RangeError for nobody, or for a number that can be no id. */
export function startWatching(name: string, watched: Watched): TraceProgram {
  const program = startProgram(name);
  try {
    watch(program, watched);
    return program;
  } catch (error) {
    program.close();
    throw error;
  }
}

/** Tells a program whom to watch. @throws RangeError for nobody, or for a number that can be no id. */
export function watch(program: TraceProgram, { tids = [], pids = [] }: Watched): void {
  if (tids.length + pids.length === 0) {
    throw new RangeError(
      "Cannot watch nobody: no thread and no process named -> pass { tids: [threadId()] }",
    );
  }
  for (const tid of tids) put(program, KIND.thread, tid);
  for (const pid of pids) put(program, KIND.process, pid);
}

function put(program: TraceProgram, kind: number, id: number): void {
  if (!(Number.isInteger(id) && id > 0)) {
    throw new RangeError(`Cannot watch thread or process ${id}: not a number above 0 -> try process.pid`);
  }
  program.put("watched", new Uint8Array(Uint32Array.of(kind, id).buffer), new Uint8Array(4));
}
