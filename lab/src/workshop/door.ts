// Who asks? Two cookies, two kinds of people: a learner's opens his own seat, the instructor's opens the board, and neither
// opens the other. A room code gets its holder a seat of his own and nothing else, and cannot be found by trying.

import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import { hostname } from "node:os";
import { comesFromUs, cookieOf, isSameSecret, secretCookie } from "../course/index.js";
import type { Room } from "./room.js";
import type { Learner } from "./room-state.js";

/** Why a request is refused: HTTP status and what a person is told. */
export interface Refusal {
  readonly status: 403 | 421 | 429;
  readonly message: string;
}

/** Tells who asks. */
export interface Door {
  /** @returns why nobody is to be answered on this connection, or null */
  refuse(request: IncomingMessage): Refusal | null;
  /** The learner whose secret came along, or null. */
  learner(request: IncomingMessage): Learner | null;
  /** Whether the instructor's secret came along. */
  isInstructor(request: IncomingMessage): boolean;
  /** Whether an address carries the board's secret. */
  opensBoard(url: URL): boolean;
  /** The learner whose secret an address carries, or null. */
  comesBack(url: URL): Learner | null;
  /** `Set-Cookie` for a learner. */
  seatCookie(token: string): string;
  /** `Set-Cookie` for the instructor. */
  boardCookie(): string;
}

/** @param port that we listen on; cookies do not know ports, so their names do */
export function keepDoor(room: Room, port: number): Door {
  const seat = `ringside-seat-${port}`;
  const board = `ringside-board-${port}`;
  const learnerOf = (secret: string | null | undefined): Learner | null =>
    room.learners.find(({ token }) => isSameSecret(secret, token)) ?? null;
  return {
    refuse(request) {
      const host = request.headers.host ?? "";
      if (!isOurName(host)) {
        return {
          status: 421,
          message: `Cannot answer for ${JSON.stringify(host)} -> open the room by the address on the wall`,
        };
      }
      if (comesFromUs(request, host)) return null;
      return { status: 403, message: "Cannot take orders from another page -> use the room's own" };
    },
    learner: (request) => learnerOf(cookieOf(request, seat)),
    comesBack: (url) => learnerOf(url.searchParams.get("token")),
    isInstructor: (request) => isSameSecret(cookieOf(request, board), room.boardToken),
    opensBoard: (url) => isSameSecret(url.searchParams.get("token"), room.boardToken),
    seatCookie: (token) => secretCookie(seat, token),
    boardCookie: () => secretCookie(board, room.boardToken),
  };
}

/**
 * A stranger's page may give its own name this machine's address, and then reads what we answer. It cannot do so to an
 * address, nor to this machine's own name.
 */
export function isOurName(host: string): boolean {
  const name = host
    .replace(/:\d+$/, "")
    .replace(/^\[|\]$/g, "")
    .toLowerCase();
  const own = hostname().toLowerCase();
  return isIP(name) !== 0 || name === "localhost" || name === own || name === `${own}.local`;
}

/** Wrong codes that one address may try in a minute; there are 900 million codes. */
const MOST_WRONG = 20;
const WINDOW_MS = 60_000;

/** Counts wrong codes, so that nobody finds the right one by trying. */
export class WrongCodes {
  private readonly wrong: { readonly from: string; readonly at: number }[] = [];

  /** @returns why an address must wait, or null */
  refuse(from: string): Refusal | null {
    const since = Date.now() - WINDOW_MS;
    while (this.wrong[0] !== undefined && this.wrong[0].at < since) this.wrong.shift();
    if (this.wrong.filter((each) => each.from === from).length < MOST_WRONG) return null;
    return {
      status: 429,
      message: "Too many wrong codes from your address -> wait a minute, then try again",
    };
  }

  count(from: string): void {
    this.wrong.push({ from, at: Date.now() });
  }
}
