// Why the store cannot be read or written, and what to do about it: the system says a code, and people need the thing to move.
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { PROGRESS_VARIABLE } from "./place.js";

/** What stands in the store's way. */
export interface Obstacle {
  readonly cause: string;
  readonly next: string;
}

/**
 * Says what the system's refusal means for the store.
 *
 * @param file of the store
 * @param error what the system threw; one without a code says itself what happened
 */
export function obstacleOf(file: string, { code, message }: NodeJS.ErrnoException): Obstacle {
  switch (code) {
    case "EISDIR":
      return { cause: "EISDIR, it is a folder", next: moveAway(file) };
    case "EEXIST":
    case "ENOTDIR": {
      const found = existingPartOf(dirname(file));
      return { cause: `${code}, ${found} is a file and must be a folder`, next: moveAway(found) };
    }
    case "EACCES":
    case "EPERM":
      return { cause: `${code}; it may belong to another user`, next: "use sudo, as when it was kept" };
    case "ENOSPC":
      return { cause: "the disk is full", next: "free some space (df -h)" };
    default:
      return { cause: code ?? message, next: `mend the folder, or name another by ${PROGRESS_VARIABLE}` };
  }
}

function moveAway(path: string): string {
  return `move it away: mv ${path} ${path}.away`;
}

/** The longest beginning of a path that is there. */
function existingPartOf(path: string): string {
  return existsSync(path) ? path : existingPartOf(dirname(path));
}
