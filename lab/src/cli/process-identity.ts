import { readFileSync } from "node:fs";

/** A process that cannot be taken for a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks from boot to its start. */
  readonly startTime: number;
}

/**
 * Identifies a running process.
 *
 * @param pid its number
 * @returns the identity, or null where no such process runs (a zombie counts as none)
 * @source proc_pid_stat(5): field 3 is the state, field 22 the start time
 */
export function identify(pid: number): ProcessIdentity | null {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return null;
  }
  // The second field is the name in parentheses, which may hold spaces and parentheses of its own.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields[0] === "Z" ? null : { pid, startTime: Number(fields[19]) };
}

/** True where that very process still runs. */
export function isRunning(process: ProcessIdentity): boolean {
  return identify(process.pid)?.startTime === process.startTime;
}
