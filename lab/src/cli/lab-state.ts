// What `start` leaves for `start`, `stop` and `status`: which processes are the lab, and where it answers.
// The file holds the token, so only its owner can read it.

import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { isProcessAlive, type ProcessIdentity } from "../net/index.js";
import { STATE_FOLDER } from "./place.js";

export interface LabState {
  /** The process that started the server and ends it. */
  readonly keeper: ProcessIdentity;
  readonly server: ProcessIdentity;
  /** Where Jupyter answers, and to which token. */
  readonly baseUrl: string;
  readonly token: string;
  /** The server's own temporary folder; a lab of an earlier version does not name it. */
  readonly home?: string;
  /** Whether it is Jupyter: where that is not installed, our small server has kernels and no page. */
  readonly hasPage: boolean;
  /** Where the course page answers, and to which token. */
  readonly page: { readonly port: number; readonly token: string };
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
  const state = readFile();
  return state !== null && (isProcessAlive(state.keeper) || isProcessAlive(state.server)) ? state : null;
}

/**
 * Reads what a lab left whose keeper was killed: a server that nobody keeps, perhaps, and tabs that still know its page.
 *
 * @throws Error where the file belongs to another user
 */
export function readOrphan(): LabState | null {
  const state = readFile();
  return state === null || isProcessAlive(state.keeper) ? null : state;
}

/** A text that is cut off, or that no lab wrote, tells of no lab. */
function readFile(): LabState | null {
  let text: string;
  try {
    text = readFileSync(STATE_FILE, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return null;
    throw new Error(`Cannot read ${STATE_FILE}: ${code}; the lab was started by another user -> use sudo`);
  }
  try {
    const state = JSON.parse(text) as LabState;
    return [state.keeper.pid, state.server.pid, state.page.port].every(Number.isInteger) ? state : null;
  } catch {
    return null;
  }
}

/** Writes the state, in place of what a killed lab may have left: whole or not at all. */
export function writeState(state: LabState): void {
  mkdirSync(STATE_FOLDER, { recursive: true, mode: 0o700 });
  const fresh = `${STATE_FILE}.new`;
  rmSync(fresh, { force: true });
  writeFileSync(fresh, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600, flag: "wx" });
  renameSync(fresh, STATE_FILE);
}

/** Forgets the state. */
export function removeState(): void {
  rmSync(STATE_FILE, { force: true });
}

/** What a person opens: the course page, and where Jupyter is installed the same notebooks there. */
export function pages(state: LabState): { readonly course: string; readonly notebooks: string | null } {
  const { baseUrl, token, page, hasPage } = state;
  return {
    course: `http://127.0.0.1:${page.port}/?token=${page.token}`,
    notebooks: hasPage ? `${baseUrl}tree?token=${token}` : null,
  };
}

/** The same for people. */
export function pageLines(state: LabState): string {
  const { course, notebooks } = pages(state);
  return `  The course   ${course}\n  In Jupyter   ${notebooks ?? "not installed; as root, sh vm/provision.sh run installs it"}`;
}
