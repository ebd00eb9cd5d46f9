// The counters of a trace: what can be asked for, and the programs that were attached for it.
import { startLocks } from "./locks.js";
import { startNapi } from "./napi.js";
import type { TraceProgram } from "./program.js";
import { startRedirects } from "./redirects.js";
import { type SkbTracer, startSkbs } from "./skbs.js";
import { startSoftirqs } from "./softirqs.js";
import { startSwitches } from "./switches.js";
import { startSyscalls } from "./syscalls.js";
import { startWakeups } from "./wakeups.js";
import type { Watched } from "./watched.js";

/** What to count. */
export interface TraceSpec {
  /** Socket buffers. `namespaces` are the files of the experiment's own, e.g. `/run/netns/a`: all else is background. */
  readonly skbs?: { readonly namespaces: readonly string[] };
  readonly syscalls?: Watched;
  /** Locks of the kernel that were found taken. */
  readonly locks?: Watched;
  /** NAPI polls of every device. */
  readonly napi?: true;
  readonly switches?: Watched;
  /** Frames that XDP redirected to devices, and those that no device took. */
  readonly redirects?: true;
  /** Wake-ups by CPU pair. */
  readonly wakeups?: Watched;
  /** Softirqs by CPU and kind, over the whole machine. */
  readonly softirqs?: true;
}

/** The programs that count, each only where it was asked for. */
export interface Counters {
  readonly skbs?: SkbTracer;
  readonly syscalls?: TraceProgram;
  readonly locks?: TraceProgram;
  readonly napi?: TraceProgram;
  readonly switches?: TraceProgram;
  readonly redirects?: TraceProgram;
  readonly wakeups?: TraceProgram;
  readonly softirqs?: TraceProgram;
}

/** Attaches what was asked for. @throws where the kernel refuses one; then none stays attached */
export function attach(spec: TraceSpec): Counters {
  const started: TraceProgram[] = [];
  const keep = <T extends TraceProgram>(program: T): T => {
    started.push(program);
    return program;
  };
  try {
    const skbs = spec.skbs && startSkbs();
    if (skbs) keep(skbs.program);
    return {
      ...(skbs && { skbs }),
      ...(spec.locks && { locks: keep(startLocks(spec.locks)) }),
      ...(spec.napi && { napi: keep(startNapi()) }),
      ...(spec.switches && { switches: keep(startSwitches(spec.switches)) }),
      ...(spec.redirects && { redirects: keep(startRedirects()) }),
      ...(spec.softirqs && { softirqs: keep(startSoftirqs()) }),
      ...(spec.wakeups && { wakeups: keep(startWakeups(spec.wakeups)) }),
      ...(spec.syscalls && { syscalls: keep(startSyscalls(spec.syscalls)) }),
    };
  } catch (error) {
    for (const program of started) program.close();
    throw error;
  }
}
