// The file of a learner's copy: `notebooks/mine/NN-slug.ipynb`, an ordinary notebook that Jupyter opens too. It is replaced
// whole, so that a crash leaves the old one or the new one; and what Jupyter saved in the meantime is noticed.

import { mkdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { formatNotebook, type Notebook, readNotebook } from "../jupyter/index.js";

export interface CopyFile {
  readonly path: string;
  /** @returns the notebook, or null where there is none yet @throws Error where the file is not a notebook */
  read(): Notebook | null;
  /** @throws Error where it cannot be written, with the reason */
  write(notebook: Notebook): void;
  /** Whether somebody else wrote it since we last read or wrote it. */
  changedOutside(): boolean;
}

/** @param path where the copy is or will be */
export function copyFile(path: string): CopyFile {
  let known = stamp(path);
  return {
    path,
    read() {
      const found = stamp(path);
      const notebook = found === null ? null : readCopy(path);
      // Only now: what could not be read stays foreign, and is not written over.
      known = found;
      return notebook;
    },
    write(notebook) {
      const text = formatNotebook(notebook);
      try {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(`${path}.new`, text);
        renameSync(`${path}.new`, path);
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        throw new Error(`Cannot save ${path}: ${code ?? message} -> free some space or mend its permissions`);
      }
      known = stamp(path);
    },
    changedOutside: () => stamp(path) !== known,
  };
}

function readCopy(path: string): Notebook {
  try {
    return readNotebook(path);
  } catch (error) {
    const [cause] = (error as Error).message.split(" -> ");
    throw new Error(
      `${cause}; it is left as it is -> mend it where it was saved, or move it away for a new copy`,
    );
  }
}

function stamp(path: string): string | null {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? null : `${stat.ino}:${stat.mtimeMs}:${stat.size}`;
}
