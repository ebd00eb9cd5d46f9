// What the instructor's board may ask and order.

import type { IncomingMessage, ServerResponse } from "node:http";
import {
  type BoardEvent,
  booleanField,
  numberField,
  openEventStream,
  RequestError,
  readJson,
  secureHeaders,
  sendJson,
  sendPage,
  textField,
} from "../course/index.js";
import type { Hall } from "./hall.js";
import { resultsCsv } from "./results.js";

type Order = (hall: Hall, body: Record<string, unknown>) => unknown;

/** Everything that a board can order, by the last part of its address. */
export const BOARD_ORDERS: Readonly<Record<string, Order>> = {
  begin({ room }, body) {
    room.begin(numberField(body, "section"));
  },
  minutes({ room }, body) {
    room.addMinutes(numberField(body, "minutes"));
  },
  release({ room }, body) {
    room.release([textField(body, "exercise")]);
  },
  door({ room }, body) {
    room.openDoor(booleanField(body, "open"));
  },
  lower({ room }, body) {
    room.raiseHand(textField(body, "learner"), false);
  },
  remove: (hall, body) => hall.remove(textField(body, "learner")),
  back: ({ room }, body) => ({ path: `/back?token=${room.renewToken(textField(body, "learner"))}` }),
  end({ room }) {
    room.end();
  },
};

const PERIOD_MS = 1_000;

/** Answers a request that came with the instructor's cookie. @throws RequestError */
export async function answerBoard(
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
  hall: Hall,
): Promise<void> {
  const what = url.pathname.slice("/api/board/".length);
  if (request.method === "POST") {
    const order = Object.hasOwn(BOARD_ORDERS, what) ? BOARD_ORDERS[what] : undefined;
    if (order === undefined) throw notFound(url);
    return sendJson(response, (await order(hall, await readJson(request))) ?? null);
  }
  if (url.pathname === "/board") return sendPage(response, "board", true);
  if (what === "events") return streamBoard(request, response, hall);
  if (what === "results.csv") return sendResults(response, hall);
  throw notFound(url);
}

/** The whole board, once a second: it is small, and one person looks at it. */
function streamBoard(request: IncomingMessage, response: ServerResponse, hall: Hall): void {
  const send = openEventStream<BoardEvent>(response);
  const tell = (): void => {
    // A board that does not keep up gets the next one.
    if (response.writableLength === 0) send({ board: hall.board() });
  };
  tell();
  const timer = setInterval(tell, PERIOD_MS);
  const stop = hall.room.onChange(() => setImmediate(tell));
  request.once("close", () => {
    clearInterval(timer);
    stop();
    response.end();
  });
}

function sendResults(response: ServerResponse, hall: Hall): void {
  response.writeHead(200, {
    ...secureHeaders(),
    "Content-Type": "text/csv; charset=utf-8",
    "Content-Disposition": 'attachment; filename="workshop.csv"',
    "Cache-Control": "no-store",
  });
  response.end(resultsCsv(hall.records()));
}

function notFound(url: URL): RequestError {
  return new RequestError(404, `Cannot find ${url.pathname}: there is none -> begin at /board`);
}
