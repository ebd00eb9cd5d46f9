// The pages of a room: who asks is told by `door.ts`, what each may by `learner-routes.ts` and `board-routes.ts`. The Jupyter server
// behind it is reached by nobody in the room: its token never leaves this process.

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import {
  type Assets,
  fail,
  listen,
  MachineWatch,
  openAssets,
  type PreflightLine,
  sendPage,
  sendRefusal,
} from "../course/index.js";
import type { JupyterServer } from "../jupyter/index.js";
import { answerBoard } from "./board-routes.js";
import { keepDoor, WrongCodes } from "./door.js";
import { answerJoin, comesIn, type Entrance } from "./entrance.js";
import { Hall } from "./hall.js";
import { answerLearner } from "./learner-routes.js";
import type { Room } from "./room.js";
import { readSolutions } from "./solutions.js";
import type { Turns } from "./turns.js";

/** What a room's pages are made of. */
export interface RoomServerSpec {
  readonly room: Room;
  /** Runs the kernels; its folder is the room's. */
  readonly jupyter: Pick<JupyterServer, "baseUrl" | "token" | "folder">;
  readonly turns: Turns;
  /** Folder of the course's notebooks, with their texts in `src`. */
  readonly course: string;
  /** Address to listen on. */
  readonly address: string;
  /** TCP port, or 0 for any that is free. */
  readonly port: number;
  /** Paths of notebooks whose kernels a killed room left, below the room's folder. */
  readonly left?: readonly string[];
  /** What the preflight found, for the board. */
  readonly preflight: readonly PreflightLine[];
  /** Addresses to show on the board, made from the port. */
  readonly addresses: (port: number) => readonly string[];
}

/** Pages that answer. */
export interface RoomServer {
  readonly port: number;
  readonly hall: Hall;
  /** Ends them; kernels run on. */
  stop(): Promise<void>;
}

/** @throws Error where the port is taken */
export async function serveRoom(spec: RoomServerSpec): Promise<RoomServer> {
  const { room, jupyter, turns, course } = spec;
  const assets = openAssets(join(course, "images"));
  let parts: Parts | null = null;
  const server = createServer((request, response) => {
    answer(request, response, parts!).catch((error: Error) => fail(response, error));
  });
  const port = await listen(server, spec.port, spec.address);
  const hall = new Hall({
    room,
    turns,
    shared: { server: jupyter, course, watch: new MachineWatch(), assets },
    solutions: readSolutions(join(course, "src")),
    addresses: spec.addresses(port),
    preflight: spec.preflight,
  });
  hall.adopt(spec.left ?? []);
  parts = { room, hall, door: keepDoor(room, port), wrongCodes: new WrongCodes(), assets };
  return {
    port,
    hall,
    async stop() {
      const closed = new Promise((done) => server.close(done));
      server.closeAllConnections();
      await closed;
      await hall.close();
    },
  };
}

interface Parts extends Entrance {
  readonly hall: Hall;
  readonly assets: Assets;
}

async function answer(request: IncomingMessage, response: ServerResponse, parts: Parts): Promise<void> {
  const { hall, door, assets } = parts;
  const url = new URL(request.url ?? "/", "http://localhost");
  if (request.method !== "GET" && request.method !== "POST") {
    return sendRefusal(response, 405, `Cannot ${request.method}: only GET and POST are known`);
  }
  if (comesIn(url, request, response, parts)) return;
  const refusal = door.refuse(request);
  if (refusal !== null) return sendRefusal(response, refusal.status, refusal.message);
  if (request.method === "GET" && url.pathname.startsWith("/assets/")) {
    return assets.send(url.pathname.slice("/assets/".length), request, response);
  }
  if (url.pathname === "/board" || url.pathname.startsWith("/api/board/")) {
    if (door.isInstructor(request)) return answerBoard(url, request, response, hall);
    return sendRefusal(response, 403, NO_BOARD);
  }
  if (request.method === "POST" && url.pathname === "/api/join") return answerJoin(request, response, parts);
  const learner = door.learner(request);
  if (learner !== null) return answerLearner(url, request, response, hall, learner);
  if (request.method === "GET" && url.pathname === "/") return sendPage(response, "join", true);
  return sendRefusal(response, 403, "Cannot let you in: no valid cookie -> join at /");
}

const NO_BOARD = "Cannot show the board: no valid cookie -> open the address that ringside workshop printed";
