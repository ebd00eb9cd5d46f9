// Two measurements at once would measure each other. Within one notebook they queue by themselves; in a workshop thirty
// notebooks share a machine, and the workshop's server says whose turn it is. The turn is a connection to its socket: it lasts
// as long as the connection, so a kernel that dies gives its turn back. A server that is killed is looked for again for a while:
// the room goes on where it was.
//
// We say {"what": "skb-count", "folder": "..."}; the server answers {"ahead": 2}, again whenever that changes, and {"ahead": 0} is
// our turn.
import { createConnection, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** The environment variable with the path of the socket; without it nobody else measures here. */
export const TURNS_VARIABLE = "RINGSIDE_TURNS";

/** How long a server that hung up is looked for, and how often. */
const RETURN_MS = 30_000;
const LOOK_MS = 250;

/**
 * Waits until it is our turn to measure.
 *
 * @param what is to be measured: the experiment's name
 * @param signal ends the wait; the turn is then given back
 * @param onWait is told how many are before us, whenever that changes
 * @returns Gives the turn back. Where no server answers, or one that did is gone for 30 s, there is nobody to wait for.
 */
export async function takeTurn(
  what: string,
  signal: AbortSignal,
  onWait: (ahead: number) => void,
): Promise<() => void> {
  const path = process.env[TURNS_VARIABLE];
  if (path === undefined || path === "" || signal.aborted) return () => undefined;
  for (let heardAt = Number.NEGATIVE_INFINITY; ; ) {
    const socket = createConnection(path);
    socket.on("error", () => undefined);
    socket.write(`${JSON.stringify({ what, folder: process.cwd() })}\n`);
    const hear = (ahead: number): void => {
      heardAt = performance.now();
      onWait(ahead);
    };
    const isOurs = await ourTurn(socket, signal, hear);
    if (isOurs || signal.aborted || performance.now() - heardAt > RETURN_MS) return () => socket.destroy();
    await delay(LOOK_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** @returns false where the server hung up, or never was */
function ourTurn(socket: Socket, signal: AbortSignal, onWait: (ahead: number) => void): Promise<boolean> {
  return new Promise((resolve) => {
    const stop = (): void => void socket.destroy();
    const end = (isOurs: boolean): void => {
      signal.removeEventListener("abort", stop);
      resolve(isOurs);
    };
    signal.addEventListener("abort", stop, { once: true });
    socket.once("close", () => end(false));
    let text = "";
    socket.setEncoding("utf8").on("data", (piece: string) => {
      const lines = (text + piece).split("\n");
      text = lines.pop()!;
      const news = lines.at(-1);
      if (news === undefined) return;
      const { ahead } = JSON.parse(news) as { ahead: number };
      if (ahead === 0) end(true);
      else onWait(ahead);
    });
  });
}
