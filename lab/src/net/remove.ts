// Taking away what a testbed made: by its own process, or by another one after a crash.
import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { CommandLog } from "./command.js";
import { isFolderUsed } from "./folder-user.js";
import {
  entriesOf,
  isAlive,
  isRunning,
  labFolders,
  labInterfaces,
  labNamespaces,
  NAMESPACE_FOLDER,
  type Owner,
  ownerOf,
} from "./owner.js";

const END_DEADLINE_MS = 1000;

/** What a clean-up ended and removed. */
export interface Removed {
  readonly namespaces: readonly string[];
  /** Names of interfaces that were in the process's own namespace, see `labInterfaces`. */
  readonly interfaces: readonly string[];
  /** Ids of processes that ran inside them. */
  readonly processes: readonly number[];
  /** Paths of temporary folders. */
  readonly folders: readonly string[];
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
  deleteNames(present);
  waitForEnd(processes);
  return { namespaces: present, interfaces: [], processes, folders: [] };
}

function deleteNames(names: readonly string[]): void {
  deleteEach("netns delete", names, (name) => inodeOf(`${NAMESPACE_FOLDER}/${name}`) !== null);
}

/** Someone else may clean up at the same time: what is gone is gone, and the rest is still to do. */
function deleteEach(command: string, names: readonly string[], isThere: (name: string) => boolean): void {
  if (names.length === 0) return;
  try {
    new CommandLog().ip(names.map((name) => `${command} ${name}`));
  } catch (error) {
    const left = names.filter(isThere);
    if (left.length === names.length) throw error;
    deleteEach(command, left, isThere);
  }
}

function removeInterfaces(isDoomed: (owner: Owner) => boolean): string[] {
  const doomed = labInterfaces().filter(({ owner }) => isDoomed(owner));
  const names = doomed.map(({ name }) => name);
  deleteEach("link delete", names, (name) => labInterfaces().some((left) => left.name === name));
  return names;
}

/** Processes whose network namespace is one of these. A maker that is inside for a moment is not one of them. */
function processesIn(names: readonly string[]): number[] {
  const inodes = new Set(names.map((name) => inodeOf(`${NAMESPACE_FOLDER}/${name}`)));
  if (inodes.size === 0) return [];
  const makers = new Set([process.pid, ...names.map((name) => ownerOf(name)?.pid)]);
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => !makers.has(pid) && inodes.has(inodeOf(`/proc/${pid}/ns/net`) ?? -1));
}

function inodeOf(path: string): number | null {
  try {
    return statSync(path).ino;
  } catch {
    return null;
  }
}

function waitForEnd(processes: readonly number[]): void {
  const never = new Int32Array(new SharedArrayBuffer(4));
  const deadline = performance.now() + END_DEADLINE_MS;
  while (processes.some(isRunning) && performance.now() < deadline) Atomics.wait(never, 0, 0, 1);
}

function removeOf(isDoomed: (owner: Owner) => boolean): Removed {
  const doomed = (name: string): boolean => isDoomed(ownerOf(name)!);
  const folders = labFolders().filter((path) => doomed(path.slice(path.lastIndexOf("/") + 1)));
  const removed = removeNamespaces(labNamespaces().filter(doomed));
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  return { ...removed, interfaces: removeInterfaces(isDoomed), folders };
}

/**
 * Removes the folders whose names carry the number of a process that is dead, and that nobody else uses (`noteFolderUser`).
 *
 * @param parent folder that they are in; none of it is there where it cannot be read
 * @param pattern whose first group is the number, e.g. `/^ringside-turns-(\d+)-/`
 * @returns Their paths.
 */
export function removeFoldersOfDead(parent: string, pattern: RegExp): string[] {
  const dead = entriesOf(parent).filter((name) => {
    const pid = pattern.exec(name)?.[1];
    return pid !== undefined && !isRunning(Number(pid));
  });
  const paths = dead.map((name) => join(parent, name)).filter((path) => !isFolderUsed(path));
  for (const path of paths) rmSync(path, { recursive: true, force: true });
  return paths;
}

/** Removes what one process made, dead or alive. */
export function removeTestbedsOf(pid: number): Removed {
  return removeOf((owner) => owner.pid === pid);
}

/**
 * Removes what killed runs left: namespaces, interfaces and temporary folders whose maker is dead, and what runs inside them.
 *
 * @param all also those of living makers, e.g. of a notebook kernel that hangs; the maker itself is left alone
 */
export function resetLab({ all = false }: { readonly all?: boolean } = {}): Removed {
  return removeOf((owner) => all || !isAlive(owner));
}
