// A namespace carries its maker's name: rs-<pid>-<start time>-<host>. From the name alone anyone can tell whether
// the process that made it still lives, so nothing has to be written down that a crash could leave wrong.
import { readdirSync, readFileSync } from "node:fs";

/** Where iproute2 keeps its named namespaces. */
export const NAMESPACE_FOLDER = "/run/netns";

const NAME = /^rs-(\d+)-([0-9a-z]+)-([0-9a-z]+)$/;

/** A process, told apart from a later one with the same id. */
export interface Owner {
  readonly pid: number;
  /** When it started, in clock ticks since boot, in base 36. */
  readonly started: string;
}

/** When a process started, or `null` if there is none. @source proc_pid_stat(5), field 22 */
function startTicks(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]).toString(36);
  } catch {
    return null;
  }
}

/** This process. */
export function thisOwner(): Owner {
  return { pid: process.pid, started: startTicks(process.pid) ?? "0" };
}

/** Builds a namespace's name. @param host 1 to 16 small letters and digits, unique for the owner */
export function namespaceName(owner: Owner, host: string): string {
  return `rs-${owner.pid}-${owner.started}-${host}`;
}

/** Reads a name back. @returns `null` for a namespace that is not the lab's. */
export function ownerOf(name: string): Owner | null {
  const parts = NAME.exec(name);
  return parts && { pid: Number(parts[1]), started: parts[2]! };
}

/** Whether the process that made it still runs. */
export function isAlive(owner: Owner): boolean {
  return startTicks(owner.pid) === owner.started;
}

/** Names of all the lab's namespaces on this machine, whoever made them. */
export function labNamespaces(): string[] {
  try {
    return readdirSync(NAMESPACE_FOLDER).filter((name) => ownerOf(name) !== null);
  } catch {
    return [];
  }
}
