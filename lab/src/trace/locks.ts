import { kernelSymbol } from "./call-sites.js";
import { countAt, type TraceProgram, type Window } from "./program.js";
import { startWatching, type Watched } from "./watched.js";

/** How often watched threads found locks of one kind, at one place in the kernel, taken. */
export interface Contention {
  /** `other` is what the tracepoint marks as neither of the first two: a semaphore, a lock by CPU. */
  readonly lock: "mutex" | "spin lock" | "other";
  /** The kernel's function that wanted the lock, e.g. `anon_pipe_write`. */
  readonly site: string;
  readonly count: number;
}

/** Locks that watched threads found taken. */
export interface LockWaits {
  /** Times that a thread slept because another one owned the socket. */
  readonly sockets: number;
  /** What the tracepoint contention_begin saw, the most frequent first. It does not see waits for a socket's owner. */
  readonly contentions: readonly Contention[];
  /** Events of it that were not counted: an interrupt wanted a lock just while another event was noted. Sleeps cannot be lost so. */
  readonly missed: number;
}

/** Marks of the tracepoint. @source include/trace/events/lock.h */
const SPIN_FLAG = 1;
const MUTEX_FLAG = 32;
/** `SLEPT` of trace_locks.bpf.c. */
const SLEPT_FLAG = 0x8000_0000;
/** Offset of the callers in its `struct lock_wait_key`. */
const CALLERS_AT = 16;
/** Functions that wait for a lock on behalf of whoever wants it, or note that they do; what wanted it called them. */
const WAITS_FOR_OTHERS = /contention|mutex|spin_|spinlock|semaphore|rwsem|^down_|^bpf_|^0x/;

/**
 * Attaches the counter of locks found taken. What it says of itself as uncounted are sleeps; the others are in `missed`.
 *
 * @source tracepoints contention_begin, sched_switch
 */
export function startLocks(watched: Watched): TraceProgram {
  const program = startWatching("trace_locks", watched);
  return { ...program, uncounted: (functions = ["thread_slept"]) => program.uncounted(functions) };
}

/** The locks found taken in a window. */
export function readLocks(program: TraceProgram, window: Window): LockWaits {
  const bySite = new Map<string, Contention>();
  let sockets = 0;
  for (const { key, value } of program.rows("lock_wait_counts")) {
    if (key.getUint32(0, true) !== window) continue;
    const [flags, callers, count] = [key.getUint32(4, true), callersOf(key), countAt(value, 0)];
    if (flags === SLEPT_FLAG) {
      if (callers.includes("__lock_sock")) sockets += count;
      continue;
    }
    const lock = flags & MUTEX_FLAG ? "mutex" : flags & SPIN_FLAG ? "spin lock" : "other";
    const site = callers.find((name) => !WAITS_FOR_OTHERS.test(name)) ?? "unknown";
    const before = bySite.get(lock + site)?.count ?? 0;
    bySite.set(lock + site, { lock, site, count: before + count });
  }
  const contentions = [...bySite.values()].sort((a, b) => b.count - a.count);
  return { sockets, contentions, missed: program.uncounted(["lock_taken"]) };
}

/** Names of the functions that led to the wait, the innermost first. */
function callersOf(key: DataView): string[] {
  const names: string[] = [];
  for (let at = CALLERS_AT; at < key.byteLength; at += 8) {
    const address = key.getBigUint64(at, true);
    if (address !== 0n) names.push(kernelSymbol(address));
  }
  return names;
}
