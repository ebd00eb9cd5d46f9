// Where --save and its like point. It is looked at before the work whose result goes there, so that minutes of measuring are not
// lost to a slip of the pen; and it is written whole or not at all, so that a full disk spares what was there before.
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, resolve } from "node:path";

/**
 * Makes the folder that an option names.
 *
 * @param option as it is typed, e.g. `--save`
 * @param typed what follows it
 * @returns The folder's full path.
 * @throws Error where it cannot be one, or cannot be written to
 */
export function targetFolder(option: string, typed: string): string {
  const folder = resolve(typed);
  try {
    makeEach(folder);
    if (!statSync(folder).isDirectory()) throw refusal(option, typed, "it is a file", "name a folder");
    accessSync(folder, constants.W_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw refusal(option, typed, code, "name a folder that you can write to");
  }
  return folder;
}

/**
 * Makes the folder of the file that an option names. The file itself may exist; it is replaced.
 *
 * @returns The file's full path, for `writeTarget`.
 * @throws Error where it is a folder, or its folder cannot be written to
 */
export function targetFile(option: string, typed: string): string {
  const file = resolve(typed);
  if (isFolder(file)) throw refusal(option, typed, "it is a folder", "name a file in it");
  targetFolder(option, dirname(file));
  return file;
}

/**
 * Writes a file whole, or leaves what was there.
 *
 * @param file full path
 * @throws Error naming the file, e.g. where the disk is full
 */
export function writeTarget(file: string, content: string): void {
  try {
    replace(existsSync(file) ? realpathSync(file) : file, content);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const next =
      code === "ENOSPC" ? "the disk is full; free some space (df -h)" : "name a file that you can write";
    throw new Error(`Cannot write ${file}: ${code} -> ${next}`);
  }
}

function replace(file: string, content: string): void {
  // A device, as /dev/stdout, is written to and not replaced.
  if (existsSync(file) && !statSync(file).isFile()) {
    writeFileSync(file, content);
    return;
  }
  const fresh = `${file}.${process.pid}.new`;
  try {
    writeFileSync(fresh, content);
    renameSync(fresh, file);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}

/** Level by level: in /proc, where nothing can be made, Node's own recursive mkdir tries for ever. */
function makeEach(folder: string): void {
  if (existsSync(folder)) return;
  makeEach(dirname(folder));
  mkdirSync(folder);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function refusal(option: string, typed: string, cause: string, next: string): Error {
  return new Error(`Cannot use ${option} ${typed}: ${cause} -> ${next}`);
}
