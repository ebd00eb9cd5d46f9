import { countAt, type TraceProgram, type Window } from "./program.js";
import { syscallName } from "./syscall-names.js";
import { startWatching, type Watched } from "./watched.js";

/** How often one thread made one system call. One that the kernel interrupted and entered again by itself is one call. */
export interface SyscallCount {
  readonly tid: number;
  readonly number: number;
  /** E.g. `recvfrom`; `syscall 451` for a number that the lab's table lacks. */
  readonly name: string;
  readonly calls: number;
  /** Entries that were no call of the program: the kernel had interrupted one that slept (a stop, a freeze, a signal) and made it again. */
  readonly restarts: number;
  /** Time that calls which began and ended in the window spent in the kernel, sleep included, in ns. Tracing makes each a little longer. */
  readonly insideNs: number;
}

/** System calls that entered the kernel, each once. */
export interface SyscallCounts {
  /** All together. */
  readonly total: number;
  /** By thread and number, the most frequent first. */
  readonly calls: readonly SyscallCount[];
  /** Calls by name over all watched threads, the most frequent first. */
  readonly byName: Readonly<Record<string, number>>;
}

/** Attaches the counter of system calls. @source tracepoints raw_syscalls:sys_enter, raw_syscalls:sys_exit */
export function startSyscalls(watched: Watched): TraceProgram {
  return startWatching("trace_syscalls", watched);
}

/** The calls counted in a window. */
export function readSyscalls(program: TraceProgram, window: Window): SyscallCounts {
  const calls = program
    .rows("syscall_counts")
    .filter(({ key }) => key.getUint32(0, true) === window)
    .map(({ key, value }) => {
      const number = key.getUint32(8, true);
      const [calls, insideNs, restarts] = [countAt(value, 0), countAt(value, 8), countAt(value, 16)];
      return { tid: key.getUint32(4, true), number, name: syscallName(number), calls, restarts, insideNs };
    })
    .sort((a, b) => b.calls - a.calls);
  const sums = new Map<string, number>();
  for (const { name, calls: times } of calls) sums.set(name, (sums.get(name) ?? 0) + times);
  return {
    total: calls.reduce((sum, call) => sum + call.calls, 0),
    calls,
    byName: Object.fromEntries([...sums].sort(([, a], [, b]) => b - a)),
  };
}
