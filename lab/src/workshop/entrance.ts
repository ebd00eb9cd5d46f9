// The ways in: the board's first address, a learner's way back, the room's address, and the form with the room's code. Each of
// the first three may be clicked anywhere, in a mail or a chat, so they are answered whoever sent the browser here.

import type { IncomingMessage, ServerResponse } from "node:http";
import { RequestError, readJson, sendJson, sendRefusal, sendWelcome, textField } from "../course/index.js";
import { type Door, isOurName, type WrongCodes } from "./door.js";
import { DoorError, type Room } from "./room.js";

/** What the ways in need to know. */
export interface Entrance {
  readonly room: Room;
  readonly door: Door;
  readonly wrongCodes: WrongCodes;
}

/** Answers a first address. @returns whether it was one */
export function comesIn(
  url: URL,
  { method, headers }: IncomingMessage,
  response: ServerResponse,
  { room, door }: Entrance,
): boolean {
  if (method !== "GET" || !isOurName(headers.host ?? "")) return false;
  if (url.pathname === "/board" && door.opensBoard(url)) {
    sendWelcome(response, door.boardCookie(), "/board");
    return true;
  }
  const back = url.pathname === "/back" ? door.comesBack(url) : null;
  if (back !== null) {
    sendWelcome(response, door.seatCookie(back.token), "/");
    return true;
  }
  // After a click on another site the browser leaves the cookie at home, so the first page only leads to the second.
  if (url.pathname === "/" && headers["sec-fetch-site"] === "cross-site") {
    sendWelcome(response, null, "/");
    return true;
  }
  if (url.pathname !== "/back") return false;
  const { title } = room.agenda;
  sendRefusal(
    response,
    403,
    `Cannot let you back into ${title}: this way back was used up -> ask for another`,
  );
  return true;
}

/** Lets somebody in who has the room's code. @throws RequestError with what he is told */
export async function answerJoin(
  request: IncomingMessage,
  response: ServerResponse,
  { room, door, wrongCodes }: Entrance,
): Promise<void> {
  const from = request.socket.remoteAddress ?? "";
  const wait = wrongCodes.refuse(from);
  if (wait !== null) throw new RequestError(429, wait.message);
  const body = await readJson(request);
  const [code, name, trouble] = ["code", "name", "trouble"].map((field) => textField(body, field));
  try {
    const { token } = room.join(code!, name!, trouble!);
    response.setHeader("Set-Cookie", door.seatCookie(token));
    sendJson(response, null);
  } catch (error) {
    if (!(error instanceof DoorError)) throw error;
    if (error.isWrongCode) wrongCodes.count(from);
    throw new RequestError(403, error.message);
  }
}
