// A folder's name tells who made it, and a server may outlive its maker: the folder then goes on under another's hands, and of
// those only the folder itself can tell whoever looks, from whichever clone of the project. So its user's name lies in it.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { entriesOf, isAlive, type Owner } from "./owner.js";

const USER = /^used-by-(\d+)-([0-9a-z]+)$/;

/**
 * Says in a folder who uses it: while that process lives, `removeFoldersOfDead` leaves the folder, though its maker be dead.
 *
 * @param folder must be there
 * @param user a process; saying it again changes nothing
 */
export function noteFolderUser(folder: string, user: Owner): void {
  writeFileSync(join(folder, `used-by-${user.pid}-${user.started}`), "", { mode: 0o600 });
}

/** Whether a process that the folder names as its user lives. */
export function isFolderUsed(folder: string): boolean {
  return entriesOf(folder).some((name) => {
    const user = USER.exec(name);
    return user !== null && isAlive({ pid: Number(user[1]), started: user[2]! });
  });
}
