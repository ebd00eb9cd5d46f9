// What a workshop that was killed could not end: its Jupyter server, with the kernels of all learners. The same room takes it over
// when it is led again; for any other they would go on taking memory and CPUs.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { endFormerServer, type JupyterServer, takeOverServer } from "../jupyter/index.js";
import { isProcessAlive } from "../net/index.js";
import { type Served, stateFile } from "./room-state.js";

/**
 * Takes over the server that a killed room left, with its kernels and what runs in them.
 *
 * @param served of that room; an earlier version's does not name all that is needed
 * @param folder of the room
 * @returns null where there is none that answers, or its keeper lives
 */
export async function takeOverRoom(served: Served | null, folder: string): Promise<JupyterServer | null> {
  if (served?.home === undefined || served.at === undefined || served.turns === undefined) return null;
  if (isProcessAlive(served.keeper)) return null;
  return takeOverServer(served.jupyter, { ...served.at, home: served.home, folder });
}

/**
 * Ends the servers of killed workshops. A server is known by its number and the moment it started, so no other process is met.
 *
 * @param parent folder of all rooms; there need be none
 * @param kept name of a room whose server goes on
 * @returns The numbers of the processes that were ended.
 */
export async function endOrphans(parent: string, kept: string | null = null): Promise<number[]> {
  const others = roomsIn(parent).filter((name) => name !== kept);
  const orphans = others.flatMap((name) => {
    const served = stateFile(join(parent, name)).read()?.served ?? null;
    const isLeft = served !== null && !isProcessAlive(served.keeper) && isProcessAlive(served.jupyter);
    return isLeft ? [served] : [];
  });
  await Promise.all(orphans.map(({ jupyter, home }) => endFormerServer(jupyter, home)));
  return orphans.map(({ jupyter }) => jupyter.pid);
}

function roomsIn(parent: string): string[] {
  try {
    return readdirSync(parent);
  } catch {
    return [];
  }
}
