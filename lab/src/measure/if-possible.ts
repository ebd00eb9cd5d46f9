import { NotSupportedError, SysError } from "../base/index.js";

/** Whether an error says that this machine lacks something or forbids it, and nothing worse. */
export function isMissing(error: unknown): boolean {
  if (error instanceof NotSupportedError) return true;
  return error instanceof SysError && (error.code === "EPERM" || error.code === "EACCES");
}

/**
 * Opens what not every machine has, or says in one line why it is left out here, so that a notebook goes on without it.
 *
 * @param open e.g. `() => openReceiver({ ringSize: 8 })`
 * @returns What it opened; null where the machine lacks it or it takes rights that this process does not have.
 * @throws whatever else goes wrong
 */
export function ifPossible<T>(open: () => T): T | null {
  try {
    return open();
  } catch (error) {
    if (!isMissing(error)) throw error;
    console.log(`Left out here. ${(error as Error).message.replace(" -> ", "\n  -> ")}`);
    return null;
  }
}
