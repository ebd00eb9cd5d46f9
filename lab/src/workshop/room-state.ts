// What a room must not forget when its server is killed: who joined, with which secrets; where the agenda is; what was
// released. One file, replaced whole at each change, readable by its owner alone. What learners write and try is in their own
// folders and is never in here.

import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { newToken } from "../course/index.js";
import type { ProcessIdentity } from "../net/index.js";
import { newRoomCode } from "./room-code.js";

/** Somebody who joined. */
export interface Learner {
  /** Name of the learner's folder: `07`. */
  readonly id: string;
  readonly name: string;
  /** The secret that the learner's browser keeps. */
  readonly token: string;
  readonly joinedAt: string;
  /** What the browser found wrong when it joined, or empty. */
  readonly trouble: string;
  /** Sent away by the instructor: the secret opens nothing any more. */
  readonly removed: boolean;
  /** When the hand went up, in ms since 1970, or null. */
  readonly handSince: number | null;
}

/** A section that was begun. */
export interface Begun {
  /** Index in the agenda. */
  readonly section: number;
  readonly at: number;
  /** When its time is over, in ms since 1970: moved by whoever gives it more minutes. */
  readonly until: number;
}

export interface RoomState {
  readonly format: "ringside-room-1";
  /** Name of the agenda. */
  readonly agenda: string;
  readonly code: string;
  /** The secret of the instructor's board. */
  readonly boardToken: string;
  readonly doorOpen: boolean;
  readonly begun: readonly Begun[];
  /** Ids of exercises. */
  readonly released: readonly string[];
  readonly learners: readonly Learner[];
  /** When it ended, or null. */
  readonly endedAt: number | null;
  /** Who serves it and where, or served it when it was killed; null before the first time. */
  readonly served: Served | null;
}

/** The processes of a room that is served, and its port: open pages look for it there again. */
export interface Served {
  readonly keeper: ProcessIdentity;
  readonly jupyter: ProcessIdentity;
  /** Jupyter's own temporary folder; a workshop of an earlier version does not name it. */
  readonly home?: string;
  /** Where Jupyter answers, and to which token: what takes it over needs to know. */
  readonly at?: { readonly baseUrl: string; readonly token: string; readonly hasPage: boolean };
  /** Path of the socket at which kernels wait for their turn. */
  readonly turns?: string;
  readonly port: number;
}

/** A room that nobody has joined yet, with a code and secrets of its own. @param agenda name of it */
export function freshState(agenda: string): RoomState {
  return {
    format: "ringside-room-1",
    agenda,
    code: newRoomCode(),
    boardToken: newToken(),
    doorOpen: true,
    begun: [],
    released: [],
    learners: [],
    endedAt: null,
    served: null,
  };
}

/** The file that keeps a room's state. */
export interface StateFile {
  /** @returns null where there is none that can be read */
  read(): RoomState | null;
  /** @throws Error where it cannot be written, with the reason */
  write(state: RoomState): void;
}

/** @param folder of the room; made where it is missing */
export function stateFile(folder: string): StateFile {
  const path = join(folder, "room.json");
  return {
    read() {
      try {
        const state = JSON.parse(readFileSync(path, "utf8")) as RoomState;
        return state.format === "ringside-room-1" ? state : null;
      } catch {
        return null;
      }
    },
    write(state) {
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        writeFileSync(`${path}.new`, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
        renameSync(`${path}.new`, path);
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        throw new Error(
          `Cannot save the room in ${path}: ${code ?? message} -> free some space or mend its permissions`,
        );
      }
    },
  };
}
