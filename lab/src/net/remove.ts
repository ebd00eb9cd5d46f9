import { readdirSync, statSync } from "node:fs";
import { CommandLog } from "./command.js";
import { isAlive, labNamespaces, NAMESPACE_FOLDER, ownerOf } from "./owner.js";

/** What a clean-up ended and removed. */
export interface Removed {
  readonly namespaces: readonly string[];
  /** Ids of processes that ran inside them. */
  readonly processes: readonly number[];
}

/** Processes, other than this one, whose network namespace is one of these. Only lab processes live in lab namespaces. */
function processesIn(names: readonly string[]): number[] {
  const inodes = new Set<number>();
  for (const name of names) {
    const inode = inodeOf(`${NAMESPACE_FOLDER}/${name}`);
    if (inode !== null) inodes.add(inode);
  }
  if (inodes.size === 0) return [];
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .filter((pid) => inodes.has(inodeOf(`/proc/${pid}/ns/net`) ?? -1))
    .map(Number);
}

function inodeOf(path: string): number | null {
  try {
    return statSync(path).ino;
  } catch {
    return null;
  }
}

/** Ends what runs inside the namespaces and removes them; their interfaces and attached programs go with them. */
export function removeNamespaces(names: readonly string[]): Removed {
  const present = names.filter((name) => inodeOf(`${NAMESPACE_FOLDER}/${name}`) !== null);
  const processes = processesIn(present);
  for (const pid of processes) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It ended by itself in the meantime.
    }
  }
  if (present.length > 0) new CommandLog().ip(present.map((name) => `netns delete ${name}`));
  return { namespaces: present, processes };
}

/** Removes the namespaces that one process made, dead or alive. */
export function removeTestbedsOf(pid: number): Removed {
  return removeNamespaces(labNamespaces().filter((name) => ownerOf(name)?.pid === pid));
}

/**
 * Removes what killed runs left: namespaces whose maker is dead, and what runs inside them.
 *
 * @param all also those of living owners, e.g. of a notebook kernel that hangs
 */
export function resetLab({ all = false }: { readonly all?: boolean } = {}): Removed {
  return removeNamespaces(labNamespaces().filter((name) => all || !isAlive(ownerOf(name)!)));
}
