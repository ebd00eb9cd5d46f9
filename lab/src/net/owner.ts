// What the lab leaves outside its own folder carries its maker's name: rs-<pid>-<start time>-<serial>-<what>. From
// the name alone anyone can tell whether the process that made it still lives, so nothing has to be written down
// that a crash could leave wrong.
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { platform, tmpdir } from "node:os";
import { join } from "node:path";
import { threadId } from "node:worker_threads";

/** Where iproute2 keeps its named namespaces. */
export const NAMESPACE_FOLDER = "/run/netns";

const INTERFACE_FOLDER = "/sys/class/net";

const NAME = /^rs-(\d+)-([0-9a-z]+)-[0-9a-z.]+-\w+$/;

/** A process, told apart from a later one with the same id. */
export interface Owner {
  readonly pid: number;
  /** When it started, in clock ticks since boot, in base 36. */
  readonly started: string;
}

/** State and start of a process, or `null` if there is none. @source proc_pid_stat(5), fields 3 and 22 */
function readStat(pid: number): { state: string; started: string } | null {
  if (platform() !== "linux") return signalled(pid);
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the program's name in parentheses, which may hold spaces and parentheses of its own.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { state: fields[0]!, started: Number(fields[19]).toString(36) };
  } catch {
    return null;
  }
}

/** Where there is no /proc, only whether a process of that id runs: the lab is read there and makes no network. */
function signalled(pid: number): { state: string; started: string } | null {
  try {
    process.kill(pid, 0);
    return { state: "R", started: "0" };
  } catch {
    return null;
  }
}

/** Identifies a running process; `null` where none runs, and for one that ended and waits to be noticed by its parent. */
export function identify(pid: number): Owner | null {
  const stat = readStat(pid);
  return stat === null || stat.state === "Z" || stat.state === "X" ? null : { pid, started: stat.started };
}

/** Whether a process runs; one that ended and waits to be noticed by its parent does not. */
export function isRunning(pid: number): boolean {
  return identify(pid) !== null;
}

/** Whether that very process still runs. */
export function isAlive(owner: Owner): boolean {
  return identify(owner.pid)?.started === owner.started;
}

let made = 0;

/** The beginning of names that no other process, thread or testbed uses. */
export function nextNamePrefix(): string {
  // Each worker thread has its own copy of this module, so its number is in the serial.
  const serial = `${threadId === 0 ? "" : `${threadId}.`}${++made}`;
  return `rs-${process.pid}-${readStat(process.pid)?.started ?? "0"}-${serial}`;
}

/** Reads a name back. @returns `null` for what is not the lab's. */
export function ownerOf(name: string): Owner | null {
  const parts = NAME.exec(name);
  return parts && { pid: Number(parts[1]), started: parts[2]! };
}

/** Names of all the lab's namespaces on this machine, whoever made them. */
export function labNamespaces(): string[] {
  return labNames(NAMESPACE_FOLDER);
}

/**
 * The lab's interfaces in this process's own namespace, whoever made them. Such a name has 15 bytes, too few for a
 * maker's, so that is the interface's alias. Of a veth pair only one end has it, and takes the other along.
 */
export function labInterfaces(): { readonly name: string; readonly owner: Owner }[] {
  return entriesOf(INTERFACE_FOLDER).flatMap((name) => {
    const owner = ownerOf(aliasOf(name));
    return owner === null ? [] : [{ name, owner }];
  });
}

function aliasOf(device: string): string {
  try {
    return readFileSync(`${INTERFACE_FOLDER}/${device}/ifalias`, "utf8").trim();
  } catch {
    return ""; // it went in the meantime, or is no interface
  }
}

/** Paths of all the lab's temporary folders on this machine, whoever made them. */
export function labFolders(): string[] {
  return labNames(tmpdir()).map((name) => join(tmpdir(), name));
}

/**
 * Makes a temporary folder that `resetLab` finds when its maker was killed. The caller removes it otherwise.
 *
 * @param what small letters and digits, e.g. `jupyter`
 * @returns Its path.
 */
export function makeTemporaryFolder(what: string): string {
  return mkdtempSync(join(tmpdir(), `${nextNamePrefix()}-${what}_`));
}

function labNames(folder: string): string[] {
  return entriesOf(folder).filter((name) => ownerOf(name) !== null);
}

/** Names of what is in a folder, none where it cannot be read. */
export function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
