// Each workshop has a folder of its own, so that the next one finds nobody else's notebooks in it; but one that was killed goes on
// in the folder that it had.

import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { isProcessAlive } from "../net/index.js";
import { stateFile } from "./room-state.js";

/**
 * Finds the folder of a workshop that was killed, or makes a new one.
 *
 * @param parent folder of all rooms
 * @param agenda name of the agenda
 * @param today e.g. `2026-11-24`
 * @throws Error where the workshop is being led by another process
 */
export function roomFolder(parent: string, agenda: string, today: string): string {
  mkdirSync(parent, { recursive: true, mode: 0o700 });
  const rooms = readdirSync(parent).filter((name) => name.startsWith(`${agenda}-`));
  for (const name of rooms) {
    const state = stateFile(join(parent, name)).read();
    if (state === null || state.agenda !== agenda || state.endedAt !== null) continue;
    const keeper = state.served?.keeper;
    if (keeper !== undefined && isProcessAlive(keeper)) {
      throw new Error(
        `Cannot lead ${agenda}: process ${keeper.pid} leads it already, on port ${state.served!.port} -> end that one with Ctrl-C, or kill ${keeper.pid}`,
      );
    }
    return join(parent, name);
  }
  for (let n = 1; ; n++) {
    const name = `${agenda}-${today}${n === 1 ? "" : `-${n}`}`;
    if (rooms.includes(name)) continue;
    mkdirSync(join(parent, name), { mode: 0o700 });
    return join(parent, name);
  }
}
