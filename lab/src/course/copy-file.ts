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
      known = stamp(path);
      return known === null ? null : readNotebook(path);
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

function stamp(path: string): string | null {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? null : `${stat.ino}:${stat.mtimeMs}:${stat.size}`;
}
