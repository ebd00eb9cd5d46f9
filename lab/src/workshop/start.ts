// A workshop from nothing, or from where it was killed: the room, the queue for the machine, a Jupyter server of its own, and
// the pages before them.

import { mkdirSync, rmSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import type { PreflightLine } from "../course/index.js";
import { choosePort, type JupyterServer, pathsWithKernel, startServer } from "../jupyter/index.js";
import { TURNS_VARIABLE } from "../measure/index.js";
import { identifyProcess, noteFolderUser } from "../net/index.js";
import { PROGRESS_VARIABLE } from "../progress/index.js";
import type { Agenda } from "./agenda.js";
import type { Hall } from "./hall.js";
import { STORE_FOLDER } from "./learner-seat.js";
import { endOrphans, takeOverRoom } from "./orphans.js";
import { resultsCsv } from "./results.js";
import { Room } from "./room.js";
import { stateFile } from "./room-state.js";
import { serveRoom } from "./server.js";
import { keepTurns, type Turns } from "./turns.js";

/** What a workshop is to be. */
export interface WorkshopSpec {
  readonly agenda: Agenda;
  /** Name of the agenda, e.g. `90-minutes`. */
  readonly name: string;
  /** Folder of the course's notebooks, with their texts in `src`. */
  readonly course: string;
  /**
   * The room's own folder; where a killed workshop left its state in it, that one goes on, with its Jupyter server and what runs in it.
   * Of killed workshops beside it the Jupyter servers are ended.
   */
  readonly folder: string;
  /** Address to listen on; 127.0.0.1 unless given. */
  readonly address?: string;
  /** TCP port, 1 to 65535; without it, the one that a killed workshop had, or any that is free. */
  readonly port?: number;
  /** What the preflight found, for the board. */
  readonly preflight?: readonly PreflightLine[];
  /** Addresses to show on the board, made from the port; the one that we listen on unless given. */
  readonly addresses?: (port: number) => readonly string[];
}

/** A workshop that answers. */
export interface Workshop {
  readonly port: number;
  /** The instructor's first address. */
  readonly boardUrl: string;
  readonly room: Room;
  readonly hall: Hall;
  /** Rows for a spreadsheet. */
  results(): string;
  /** Ends the pages and all kernels; what learners wrote stays. */
  stop(): Promise<void>;
}

/** @throws Error where the port is taken or Jupyter does not start */
export async function startWorkshop(spec: WorkshopSpec): Promise<Workshop> {
  const { folder, course, address = "127.0.0.1", preflight = [] } = spec;
  const { addresses = (port: number): string[] => [`http://${address}:${port}/`] } = spec;
  const room = openRoom(spec);
  const rooms = dirname(resolve(folder));
  const former = await takeOverRoom(room.served, folder);
  await endOrphans(rooms, former === null ? null : basename(resolve(folder)));
  const turns = await (former === null ? keepTurns() : keepTurnsAt(room.served!.turns!));
  const jupyter = former ?? (await startJupyter(folder, turns));
  const server = identifyProcess(jupyter.pid)!;
  // Its kernels look for the queue where it is now, though we be killed and another keep it.
  noteFolderUser(dirname(turns.path), server);
  const closeBehind = async (): Promise<void> => {
    await jupyter.stop();
    await turns.close();
    rmSync(dirname(turns.path), { recursive: true, force: true });
  };
  const wanted = spec.port ?? (await formerPort(room));
  const pages = await serveRoom({
    ...{ room, jupyter, turns, course, address, preflight, addresses },
    left: former === null ? [] : await pathsWithKernel(former),
    port: wanted,
  }).catch(async (error: Error) => {
    // What runs in a server that was taken over is left to the next try.
    if (former === null) await closeBehind();
    throw error;
  });
  const { port, hall } = pages;
  const keeper = identifyProcess(process.pid)!;
  const at = { baseUrl: jupyter.baseUrl, token: jupyter.token, hasPage: jupyter.url !== null };
  room.setServed({ keeper, jupyter: server, home: jupyter.home, at, turns: turns.path, port });
  return {
    port,
    boardUrl: `http://${address === "0.0.0.0" ? "127.0.0.1" : address}:${port}/board?token=${room.boardToken}`,
    room,
    hall,
    results: () => resultsCsv(hall.records()),
    async stop() {
      await pages.stop();
      await closeBehind();
    },
  };
}

function startJupyter(folder: string, turns: Turns): Promise<JupyterServer> {
  const environment = {
    [TURNS_VARIABLE]: turns.path,
    [PROGRESS_VARIABLE]: STORE_FOLDER,
    // By it a kernel is started with a view of its own (kernels/jupyter/own-view.sh).
    RINGSIDE_ROOM: folder,
  };
  return startServer({ folder, environment });
}

/** The queue where the kernels of a killed room look for it. */
function keepTurnsAt(path: string): Promise<Turns> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  rmSync(path, { force: true });
  return keepTurns({ at: path });
}

/** The port that a killed workshop had, where it is free: the pages that it left open look for it there. */
async function formerPort({ served }: Room): Promise<number> {
  return served === null ? 0 : choosePort(served.port).catch(() => 0);
}

/** The room that was killed in this folder, or a new one. */
function openRoom({ agenda, name, folder }: WorkshopSpec): Room {
  const file = stateFile(folder);
  const former = file.read();
  const goesOn = former !== null && former.endedAt === null && former.agenda === name;
  return new Room(agenda, name, file, goesOn ? former : null);
}
