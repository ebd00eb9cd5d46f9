// What a workshop that was killed could not end: its Jupyter server, with the kernels of all learners. They would go on taking
// memory and CPUs from the next room, whichever agenda that follows.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { endFormerServer } from "../jupyter/index.js";
import { isProcessAlive } from "../net/index.js";
import { stateFile } from "./room-state.js";

/**
 * Ends the servers of killed workshops. A server is known by its number and the moment it started, so no other process is met.
 *
 * @param parent folder of all rooms; there need be none
 * @returns The numbers of the processes that were ended.
 */
export async function endOrphans(parent: string): Promise<number[]> {
  const orphans = roomsIn(parent).flatMap((name) => {
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
