// What `start` leaves for `start`, `stop` and `status`: which processes are the lab, and where it answers.
// The file holds the token, so only its owner can read it.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { isProcessAlive, type ProcessIdentity } from "../net/index.js";
import { STATE_FOLDER } from "./place.js";

export interface LabState {
  /** The process that started the server and ends it. */
  readonly keeper: ProcessIdentity;
  readonly server: ProcessIdentity;
  readonly baseUrl: string;
  readonly token: string;
  /** When it started, ISO 8601. */
  readonly since: string;
}

const STATE_FILE = `${STATE_FOLDER}/server.json`;

/**
 * Reads the state of the lab that runs.
 *
 * @returns the state, or null where nothing runs; what a killed lab left is not taken for one that runs
 * @throws Error where the file belongs to another user
 */
export function readState(): LabState | null {
  let text: string;
  try {
    text = readFileSync(STATE_FILE, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return null;
    throw new Error(`Cannot read ${STATE_FILE}: ${code}; the lab was started by another user -> use sudo`);
  }
  const state = JSON.parse(text) as LabState;
  return isProcessAlive(state.keeper) || isProcessAlive(state.server) ? state : null;
}

/** Writes the state, in place of what a killed lab may have left. */
export function writeState(state: LabState): void {
  mkdirSync(STATE_FOLDER, { recursive: true, mode: 0o700 });
  rmSync(STATE_FILE, { force: true });
  writeFileSync(STATE_FILE, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600, flag: "wx" });
}

/** Forgets the state. */
export function removeState(): void {
  rmSync(STATE_FILE, { force: true });
}

/** The pages a person opens: the list of notebooks, and the first of them. */
export function pages({ baseUrl, token }: LabState): { readonly notebooks: string; readonly first: string } {
  return {
    notebooks: `${baseUrl}tree?token=${token}`,
    first: `${baseUrl}notebooks/00-start-here.ipynb?token=${token}`,
  };
}
