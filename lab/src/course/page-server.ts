// The server of the course page: loopback only, one process, one learner. It holds the runs, so the page may go and come.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { JupyterServer } from "../jupyter/index.js";
import { type Access, guard, newToken } from "./access.js";
import { openAssets } from "./assets.js";
import { COPIES, Desk } from "./desk.js";
import { sendPage, sendRefusal, sendWelcome } from "./documents.js";
import { MachineWatch } from "./machine.js";
import { RequestError, sendJson } from "./reply.js";
import { answerOrder, answerQuestion, type Seat } from "./routes.js";

/** What a course page is to be. */
export interface CoursePageSpec {
  /** The Jupyter server with the kernels; its folder holds the course's notebooks. */
  readonly jupyter: Pick<JupyterServer, "baseUrl" | "token" | "folder">;
  /** TCP port of 127.0.0.1, 1 to 65535; without it, any that is free. */
  readonly port?: number;
  /** The token of a page that was killed, so that the tabs it left open go on; else a new one. */
  readonly token?: string;
}

/** A course page that answers. */
export interface CoursePage {
  readonly port: number;
  readonly token: string;
  /** The first address, which lets a browser in. */
  readonly url: string;
  /** Ends it; kernels run on. */
  stop(): Promise<void>;
}

/** @throws Error where the port is taken */
export async function startCoursePage(spec: CoursePageSpec): Promise<CoursePage> {
  const { folder } = spec.jupyter;
  const seat: Seat = {
    desk: new Desk({ server: spec.jupyter, course: folder, copies: COPIES, sparing: false }),
    watch: new MachineWatch(),
    assets: openAssets(`${folder}/images`),
    glossaryFile: `${folder}/glossary.md`,
  };
  const token = spec.token ?? newToken();
  let access: Access | null = null;
  const server = createServer((request, response) => {
    answer(request, response, seat, access!).catch((error: Error) => fail(response, error));
  });
  const port = await listen(server, spec.port ?? 0);
  access = guard(token, port);
  return {
    port,
    token,
    url: `http://127.0.0.1:${port}/?token=${token}`,
    async stop() {
      const closed = new Promise((done) => server.close(done));
      server.closeAllConnections();
      await closed;
      await seat.desk.close();
    },
  };
}

/**
 * @param port 0 for any that is free
 * @param address of this machine; the loopback one unless given
 * @returns the port
 * @throws Error where it is taken, or the address is not this machine's
 */
export function listen(server: Server, port: number, address = "127.0.0.1"): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const where = address === "127.0.0.1" ? `port ${port}` : `${address}, port ${port}`;
      reject(new Error(`Cannot serve the course page on ${where}: ${error.code} -> choose another`));
    });
    server.listen(port, address, () => resolve((server.address() as { port: number }).port));
  });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  seat: Seat,
  access: Access,
): Promise<void> {
  const url = new URL(request.url ?? "/", "http://localhost");
  const refusal = access.refuse(request);
  if (refusal?.status !== 421 && request.method === "GET" && url.pathname === "/" && access.opens(url)) {
    return sendWelcome(response, access.cookie);
  }
  if (refusal !== null) return sendRefusal(response, refusal.status, refusal.message);
  if (request.method === "POST") return answerOrder(url, request, response, seat);
  if (request.method !== "GET")
    throw new RequestError(405, `Cannot ${request.method}: only GET and POST are known -> use one of them`);
  if (url.pathname === "/" || url.pathname.startsWith("/n/")) return sendPage(response);
  return answerQuestion(url, request, response, seat);
}

/** Answers a request that met an error. */
export function fail(response: ServerResponse, error: Error): void {
  if (response.headersSent) {
    response.end();
    return;
  }
  const status = error instanceof RequestError ? error.status : error instanceof RangeError ? 404 : 500;
  sendJson(response, { error: error.message }, status);
}
