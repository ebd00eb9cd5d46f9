// What the page may ask (GET, changes nothing) and order (POST). Each is a few lines that hand on to who knows.

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Assets } from "./assets.js";
import type { Desk, Open } from "./desk.js";
import { streamEvents, type Wish } from "./events.js";
import { exerciseStates } from "./exercises.js";
import { readGlossary } from "./glossary.js";
import { enterJupyter } from "./jupyter-door.js";
import type { MachineWatch } from "./machine.js";
import { readOutline } from "./outline.js";
import type { CourseEvent } from "./protocol.js";
import { numberField, RequestError, readJson, secureHeaders, sendJson, textField } from "./reply.js";

/** Everything that one learner's requests are answered from. */
export interface Seat {
  readonly desk: Desk;
  readonly watch: MachineWatch;
  readonly assets: Assets;
  readonly glossaryFile: string;
  /** Where the learner's attempts are kept; the machine's own store unless given. */
  readonly progressFile?: string;
  /** Whether a testbed was made by the learner's own kernel; all are shown unless given. */
  isOwnTestbed?(maker: number): boolean;
  /** What the seat's tabs hear of beside notebook and machine. @returns ends it */
  follow?(wish: Wish, send: (event: CourseEvent) => void): () => void;
}

/** Answers a GET. @throws RequestError 404 for what there is not */
export async function answerQuestion(
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
  seat: Seat,
): Promise<void> {
  const [, first, second, third] = url.pathname.split("/");
  if (first === "assets") return seat.assets.send(url.pathname.slice("/assets/".length), request, response);
  if (first === "jupyter") return sendToJupyter(second ?? "", request, response, seat.desk);
  if (first !== "api") throw notFound(url);
  switch (second) {
    case "outline":
      return sendJson(response, readOutline(seat.desk, exerciseStates(seat.progressFile)));
    case "glossary":
      return sendJson(response, readGlossary(seat.glossaryFile));
    case "notebook":
      return sendJson(response, seat.desk.view(seat.desk.open(third ?? "")));
    case "events": {
      const { searchParams: wish } = url;
      const since = Number(wish.get("since") ?? 0) || 0;
      const parts = { slug: wish.get("notebook"), since, machine: wish.get("machine") === "1" };
      return streamEvents(parts, seat, request, response);
    }
    default:
      throw notFound(url);
  }
}

type Order = (open: Open, body: Record<string, unknown>) => unknown;

const ORDERS: Readonly<Record<string, Order>> = {
  run({ sheet, worker }, body) {
    worker.run(body.cells === "all" ? sheet.codeIds() : [textField(body, "cell")]);
  },
  stop: ({ worker }) => worker.stop(),
  restart: ({ worker }) => worker.restart(),
  edit: ({ sheet }, body) =>
    sheet.edit(textField(body, "cell"), textField(body, "text"), numberField(body, "version")),
  restore({ sheet }, body) {
    sheet.restore(textField(body, "cell"));
  },
  complete: ({ worker }, body) => worker.complete(textField(body, "code"), numberField(body, "cursor")),
  inspect: ({ worker }, body) => worker.inspect(textField(body, "code"), numberField(body, "cursor")),
};

/** Answers a POST to `/api/<order>/<notebook>`. @throws RequestError 404 for what there is not */
export async function answerOrder(
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
  seat: Seat,
): Promise<void> {
  const [, api, name = "", slug = ""] = url.pathname.split("/");
  const order = api === "api" && Object.hasOwn(ORDERS, name) ? ORDERS[name] : undefined;
  if (order === undefined) throw notFound(url);
  const body = await readJson(request);
  sendJson(response, (await order(seat.desk.open(slug), body)) ?? null);
}

async function sendToJupyter(
  slug: string,
  request: IncomingMessage,
  response: ServerResponse,
  desk: Desk,
): Promise<void> {
  if (desk.sparing) {
    throw new RequestError(
      404,
      "Cannot open Jupyter: in a workshop it would show the others' notebooks -> use the notebook on this page",
    );
  }
  desk.open(slug);
  const hostname = (request.headers.host ?? "").replace(/:\d+$/, "");
  const { cookies, location } = await enterJupyter(desk.server, hostname, desk.copyPath(slug));
  response.writeHead(303, { ...secureHeaders(), "Set-Cookie": [...cookies], Location: location }).end();
}

function notFound(url: URL): RequestError {
  return new RequestError(404, `Cannot find ${url.pathname}: there is none -> begin at /`);
}
