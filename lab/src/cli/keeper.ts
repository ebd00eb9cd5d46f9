// The process that keeps the notebook server while nobody watches: it starts the server, says so to the `start` that
// made it, and on SIGTERM, or when the server ends by itself, removes everything and ends.

import { setTimeout as delay } from "node:timers/promises";
import { startServer } from "../jupyter/index.js";
import { identifyProcess, isProcessAlive } from "../net/index.js";
import { removeState, writeState } from "./lab-state.js";
import { NOTEBOOKS } from "./place.js";

/** What the keeper tells the process that started it, once. */
export type KeeperMessage =
  | { readonly kind: "ready" }
  | { readonly kind: "failed"; readonly message: string };

const WATCH_MS = 1000;

async function keep(port: number): Promise<void> {
  const server = await startServer({ folder: NOTEBOOKS, port });
  const identity = { keeper: identifyProcess(process.pid)!, server: identifyProcess(server.pid)! };
  writeState({ ...identity, baseUrl: server.baseUrl, token: server.token, since: new Date().toISOString() });
  await tell({ kind: "ready" });
  const asked = new AbortController();
  for (const name of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.once(name, () => asked.abort());
  while (!asked.signal.aborted && isProcessAlive(identity.server)) {
    await delay(WATCH_MS, undefined, { signal: asked.signal }).catch(() => {});
  }
  await server.stop();
  removeState();
}

/** Sends one message and lets the other side go. */
function tell(message: KeeperMessage): Promise<void> {
  return new Promise((resolve) => {
    process.send?.(message, () => {
      process.disconnect();
      resolve();
    });
  });
}

keep(Number(process.argv[2])).catch(async (error: Error) => {
  await tell({ kind: "failed", message: error.message });
  process.exit(1);
});
