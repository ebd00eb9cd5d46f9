// What a learner may ask and order: what the course page can, at his own seat, and his hand. No address here names a learner:
// whose seat is meant is told by the cookie alone.

import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import {
  answerOrder,
  answerQuestion,
  booleanField,
  RequestError,
  readJson,
  secureHeaders,
  sendJson,
  sendPage,
} from "../course/index.js";
import type { Hall } from "./hall.js";
import type { Learner } from "./room-state.js";

/** Tabs of one learner that may listen at once. */
const MOST_TABS = 12;

/** Answers a request that came with a learner's cookie. @throws RequestError */
export async function answerLearner(
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
  hall: Hall,
  learner: Learner,
): Promise<void> {
  const place = hall.seatOf(learner);
  place.heard();
  const { pathname } = url;
  if (request.method === "POST") {
    if (pathname !== "/api/hand") return answerOrder(url, request, response, place.seat);
    hall.room.raiseHand(learner.id, booleanField(await readJson(request), "up"));
    return sendJson(response, null);
  }
  if (pathname === "/" || pathname.startsWith("/n/")) return sendPage(response, "main", true);
  if (pathname.startsWith("/api/mine/"))
    return sendCopy(pathname.slice("/api/mine/".length), response, hall, learner);
  if (pathname === "/api/events" && place.tabs.size >= MOST_TABS) {
    throw new RequestError(429, `Cannot open another tab: ${MOST_TABS} are open -> close some`);
  }
  return answerQuestion(url, request, response, place.seat);
}

/** The learner's own copy as a file, to take home. */
function sendCopy(slug: string, response: ServerResponse, hall: Hall, learner: Learner): void {
  const path = hall.seatOf(learner).desk.existingCopy(slug);
  if (path === null || !/^[\w-]+$/.test(slug)) {
    throw new RequestError(404, "Cannot find your copy: you have not opened that notebook -> open it first");
  }
  response.writeHead(200, {
    ...secureHeaders(),
    "Content-Type": "application/x-ipynb+json",
    "Content-Disposition": `attachment; filename="${slug}.ipynb"`,
    "Cache-Control": "no-store",
  });
  response.end(readFileSync(path));
}
