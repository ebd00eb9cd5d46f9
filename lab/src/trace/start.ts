// One trace: every counter an experiment asked for, opened and closed together.
import { statSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { attach, type Counters, type TraceSpec } from "./counters.js";
import { type LockWaits, readLocks } from "./locks.js";
import { type NapiPolls, readNapi } from "./napi.js";
import { type TraceProgram, WINDOW, type Window } from "./program.js";
import { type Redirects, readRedirects } from "./redirects.js";
import { type SkbWindow, summarise, unseen } from "./skb-report.js";
import { readSkbTables, type SkbTracer, type SkbUncounted, uncountedSkbs } from "./skbs.js";
import { readSoftirqs, type Softirqs } from "./softirqs.js";
import { readSwitches, type ThreadSwitches } from "./switches.js";
import { readSyscalls, type SyscallCounts } from "./syscalls.js";
import { readWakeups, type Wakeups } from "./wakeups.js";

/** Births and deaths of the experiment, beside what the machine does when nobody asks it to. */
export interface SkbCounts extends SkbWindow {
  /** The same counts over a control window of the same length after the experiment; only `countDuring` has one. */
  readonly background?: SkbWindow;
  readonly uncounted: SkbUncounted;
  /** What no event showed, one plain sentence each; empty when the figures are whole. */
  readonly unseen: readonly string[];
}

interface AllCounts {
  readonly skbs: SkbCounts;
  readonly syscalls: SyscallCounts;
  readonly locks: LockWaits;
  readonly napi: readonly NapiPolls[];
  readonly switches: readonly ThreadSwitches[];
  readonly redirects: readonly Redirects[];
  readonly wakeups: readonly Wakeups[];
  readonly softirqs: readonly Softirqs[];
}

/** The counts that were asked for, and no others. */
export type TraceCounts<Spec extends TraceSpec> = Pick<AllCounts, keyof Spec & keyof AllCounts> & {
  /** Events that were seen and not counted; every figure is exact when this is 0. */
  readonly uncounted: number;
};

/** A trace that counts. */
export interface Trace<Spec extends TraceSpec> {
  /** The counts so far; after `stop`, what it gave. */
  read(): TraceCounts<Spec>;
  /** Closes the window, reads, and detaches everything. A second call gives the same counts again. */
  stop(): TraceCounts<Spec>;
}

/** Namespace files to their inode numbers, which is how the kernel's events name them. */
function inodes(namespaces: readonly string[]): ReadonlySet<number> {
  return new Set(namespaces.map((path) => statSync(path).ino));
}

class Session<Spec extends TraceSpec> {
  private readonly counters: Counters;
  private readonly programs: readonly TraceProgram[];
  private readonly namespaces: ReadonlySet<number>;

  constructor(spec: Spec) {
    this.namespaces = inodes(spec.skbs?.namespaces ?? []);
    this.counters = attach(spec);
    const { skbs, ...plain } = this.counters;
    // Syscalls open last and close first, so that nothing the others do is counted.
    this.programs = [...(skbs ? [skbs.program] : []), ...Object.values(plain)];
  }

  open(window: Window): void {
    const order = window === WINDOW.closed ? this.programs.toReversed() : this.programs;
    for (const program of order) program.open(window);
  }

  read(withControl: boolean): TraceCounts<Spec> {
    const { skbs, syscalls, locks, napi, switches, redirects, wakeups, softirqs } = this.counters;
    const uncounted = this.programs.reduce((sum, program) => sum + program.uncounted(), 0);
    return {
      uncounted,
      ...(skbs && { skbs: this.skbCounts(skbs, withControl) }),
      ...(syscalls && { syscalls: readSyscalls(syscalls, WINDOW.experiment) }),
      ...(locks && { locks: readLocks(locks, WINDOW.experiment) }),
      ...(napi && { napi: readNapi(napi, WINDOW.experiment) }),
      ...(switches && { switches: readSwitches(switches, WINDOW.experiment) }),
      ...(redirects && { redirects: readRedirects(redirects, WINDOW.experiment) }),
      ...(wakeups && { wakeups: readWakeups(wakeups, WINDOW.experiment) }),
      ...(softirqs && { softirqs: readSoftirqs(softirqs, WINDOW.experiment) }),
    } as unknown as TraceCounts<Spec>;
  }

  private skbCounts(tracer: SkbTracer, withControl: boolean): SkbCounts {
    const of = (window: Window): SkbWindow =>
      summarise(readSkbTables(tracer, window), tracer.caches, this.namespaces);
    const experiment = of(WINDOW.experiment);
    const uncounted = uncountedSkbs(tracer);
    return {
      ...experiment,
      ...(withControl && { background: of(WINDOW.control) }),
      unseen: unseen(experiment, uncounted),
      uncounted,
    };
  }

  close(): void {
    for (const program of this.programs) program.close();
  }
}

/**
 * Starts counting. Call `stop` in a `finally`; should the process die, the kernel detaches everything.
 *
 * @param spec what to count; nothing else is attached
 * @throws NotSupportedError or SysError where this machine refuses; nothing stays attached.
 */
export function startTrace<Spec extends TraceSpec>(spec: Spec): Trace<Spec> {
  const session = new Session(spec);
  session.open(WINDOW.experiment);
  let last: TraceCounts<Spec> | undefined;
  return {
    read: () => last ?? session.read(false),
    stop(): TraceCounts<Spec> {
      if (last) return last;
      try {
        session.open(WINDOW.closed);
        last = session.read(false);
        return last;
      } finally {
        session.close();
      }
    },
  };
}

/**
 * Counts what happens while a function runs. With `skbs` asked for, the machine is then watched for as long again
 * with nothing going on: that is the background.
 *
 * Tracing slows the path it watches: never take a rate from a traced run.
 *
 * @param run the experiment; a synchronous one is counted without a single system call of ours
 * @param signal ends the control window early by throwing its reason
 * @returns What `run` returned, and the counts.
 * @throws Whatever `run` throws; everything is detached.
 */
export async function countDuring<Spec extends TraceSpec, Result>(
  spec: Spec,
  run: () => Result | Promise<Result>,
  signal?: AbortSignal,
): Promise<{ readonly result: Result; readonly counts: TraceCounts<Spec> }> {
  const session = new Session(spec);
  try {
    const began = performance.now();
    session.open(WINDOW.experiment);
    const pending = run();
    const result = pending instanceof Promise ? await pending : pending;
    session.open(WINDOW.closed);
    const tookMs = performance.now() - began;
    if (spec.skbs) {
      session.open(WINDOW.control);
      await delay(tookMs, undefined, signal ? { signal } : {});
      session.open(WINDOW.closed);
    }
    return { result, counts: session.read(spec.skbs !== undefined) };
  } finally {
    session.close();
  }
}
