// Whose turn is it to measure? One measurement wants the machine to itself: its gate asks every CPU to be idle, so however
// many cores there are, there is one turn. Learners' kernels ask by a socket (`measure/turn.ts` is the other end); the turn is
// the connection, and is given back when it closes, for whatever reason.

import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { QueuePlace } from "../course/index.js";
import { removeFoldersOfDead } from "../net/index.js";

/** One measurement that runs or waits. */
export interface Turn {
  /** Id of the learner: the name of the folder that the kernel works in. */
  readonly learner: string;
  /** Name of the experiment. */
  readonly what: string;
}

export interface Turns {
  /** Path of the socket, for the kernels' environment. */
  readonly path: string;
  /** The first one measures. */
  list(): readonly Turn[];
  /** Calls back after every change. @returns stops it */
  onChange(listener: () => void): () => void;
  close(): Promise<void>;
}

interface Waiting extends Turn {
  readonly socket: Socket;
}

/** A request is one short line. */
const MAX_LINE = 10_000;

/** Where a queue is kept. */
export interface TurnsSpec {
  /** Path of the socket, at most 107 bytes; one in a temporary folder unless given. */
  readonly at?: string;
}

/** @throws Error where the socket cannot be made */
export async function keepTurns({ at }: TurnsSpec = {}): Promise<Turns> {
  // A socket's path has room for 107 bytes, so it is in /tmp and not in the room's folder.
  const folder = at === undefined ? makeFolder() : null;
  const path = at ?? join(folder!, "turns");
  const queue: Waiting[] = [];
  const listeners = new Set<() => void>();
  const changed = (): void => {
    for (const [ahead, { socket }] of queue.entries()) socket.write(`${JSON.stringify({ ahead })}\n`);
    for (const listener of listeners) listener();
  };
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    let text = "";
    let turn: Waiting | null = null;
    socket.setEncoding("utf8").on("data", (piece: string) => {
      text += piece;
      if (turn !== null || text.length > MAX_LINE) return void socket.destroy();
      const end = text.indexOf("\n");
      if (end < 0) return;
      turn = readTurn(text.slice(0, end), socket);
      if (turn === null) return void socket.destroy();
      queue.push(turn);
      changed();
    });
    socket.once("close", () => {
      const at = turn === null ? -1 : queue.indexOf(turn);
      if (at < 0) return;
      queue.splice(at, 1);
      changed();
    });
  });
  await listenOn(server, path);
  return {
    path,
    list: () => queue,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      const closed = new Promise((done) => server.close(done));
      for (const { socket } of queue) socket.destroy();
      await closed;
      rmSync(folder ?? path, { recursive: true, force: true });
    },
  };
}

/** A folder that carries our number; those of workshops that were killed go, where no server of theirs lives on. */
function makeFolder(): string {
  removeFoldersOfDead(tmpdir(), /^ringside-turns-(\d+)-/);
  return mkdtempSync(join(tmpdir(), `ringside-turns-${process.pid}-`));
}

/** A learner's own place. */
export function placeOf(learner: string, turns: readonly Turn[]): QueuePlace {
  const place = turns.findIndex((turn) => turn.learner === learner) + 1;
  return { place, measuring: place === 1, length: turns.length };
}

function readTurn(line: string, socket: Socket): Waiting | null {
  try {
    const { what, folder } = JSON.parse(line) as { what?: unknown; folder?: unknown };
    return { what: String(what).slice(0, 80), learner: basename(String(folder)), socket };
  } catch {
    return null;
  }
}

function listenOn(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, () => resolve());
  });
}
