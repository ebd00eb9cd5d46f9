// Kernels without Jupyter: the part of its server's interface that the course page and the command line use, for machines where
// Jupyter is not installed and cannot be. No page, no files, loopback only, and every request needs the token.
//   JUPYTER_TOKEN=... node serve.cjs <port> <folder of notebooks> <folder for connection files>
"use strict";
const { timingSafeEqual } = require("node:crypto");
const { createServer } = require("node:http");
const { WebSocketServer } = require("ws");
const { joinChannels } = require("./channels.cjs");
const { Sessions, kernelModel, sessionModel } = require("./sessions.cjs");

const [port, notebooks, runtime] = process.argv.slice(2);
const token = process.env.JUPYTER_TOKEN ?? "";
const sessions = new Sessions(notebooks, runtime);
const websockets = new WebSocketServer({ noServer: true });

/** Whether a request shows the token: in a header, as programs do, or in the address, as websockets must. */
function isKnown(request, url) {
  const shown = request.headers.authorization?.replace(/^token /, "") ?? url.searchParams.get("token") ?? "";
  const [given, wanted] = [Buffer.from(shown), Buffer.from(token)];
  return wanted.length > 0 && given.length === wanted.length && timingSafeEqual(given, wanted);
}

class Answer extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

const need = (session) => {
  if (session === undefined) throw new Answer(404, "no such kernel or session");
  return session;
};

/** @type {[string, RegExp, (match: RegExpMatchArray, body: object) => Promise<[number, unknown]>][]} */
const ROUTES = [
  ["GET", /^\/api\/status$/, async () => [200, { kernels: sessions.byId.size }]],
  ["GET", /^\/api\/sessions$/, async () => [200, [...sessions.byId.values()].map(sessionModel)]],
  [
    "POST",
    /^\/api\/sessions$/,
    async (_match, { path }) => {
      if (typeof path !== "string") throw new Answer(400, "a session needs a path");
      return [201, sessionModel(await sessions.open(path))];
    },
  ],
  [
    "DELETE",
    /^\/api\/sessions\/([\w-]+)$/,
    async ([, id]) => {
      await sessions.close(need(sessions.byId.get(id)));
      return [204, null];
    },
  ],
  ["GET", /^\/api\/kernels\/([\w-]+)$/, async ([, id]) => [200, kernelModel(need(sessions.ofKernel(id)))]],
  [
    "POST",
    /^\/api\/kernels\/([\w-]+)\/interrupt$/,
    async ([, id]) => {
      need(sessions.ofKernel(id)).kernel.interrupt();
      return [204, null];
    },
  ],
  [
    "POST",
    /^\/api\/kernels\/([\w-]+)\/restart$/,
    async ([, id]) => {
      const session = need(sessions.ofKernel(id));
      await sessions.restart(session);
      return [200, kernelModel(session)];
    },
  ],
  [
    "GET",
    /^\/tree$/,
    async () => {
      throw new Answer(501, "Jupyter is not installed on this machine");
    },
  ],
];

async function handle(request, url) {
  if (!isKnown(request, url)) throw new Answer(403, "the token is missing or wrong");
  const matching = ROUTES.filter(([method]) => method === request.method);
  for (const [, pattern, answer] of matching) {
    const match = pattern.exec(url.pathname);
    if (match !== null) return answer(match, await bodyOf(request));
  }
  throw new Answer(404, "there is nothing here");
}

async function bodyOf(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  const text = Buffer.concat(parts).toString();
  try {
    return text === "" ? {} : JSON.parse(text);
  } catch {
    throw new Answer(400, "the body is not JSON");
  }
}

const addressOf = (request) => new URL(request.url, "http://127.0.0.1");

const server = createServer(async (request, response) => {
  const [status, body] = await handle(request, addressOf(request)).catch((error) => [
    error.status ?? 500,
    { message: error.message },
  ]);
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(body === null ? undefined : JSON.stringify(body));
});

server.on("upgrade", (request, socket, head) => {
  const url = addressOf(request);
  const id = /^\/api\/kernels\/([\w-]+)\/channels$/.exec(url.pathname)?.[1];
  const session = id === undefined ? undefined : sessions.ofKernel(id);
  if (session === undefined || !isKnown(request, url)) {
    socket.end(`HTTP/1.1 ${session === undefined ? "404 Not Found" : "403 Forbidden"}\r\n\r\n`);
    return;
  }
  websockets.handleUpgrade(request, socket, head, (websocket) => join(session, websocket));
});

function join(session, websocket) {
  const channel = joinChannels(websocket, session.kernel.connection, (state) => {
    session.state = state;
  });
  session.channels.add(channel);
  websocket.once("close", () => session.channels.delete(channel));
}

async function stop() {
  await sessions.closeAll();
  process.exit(0);
}
for (const name of ["SIGTERM", "SIGINT", "SIGHUP"]) process.once(name, () => void stop());
server.listen(Number(port), "127.0.0.1");
