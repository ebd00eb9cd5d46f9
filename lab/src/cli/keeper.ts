// The process that keeps the lab while nobody watches: it starts Jupyter's server, or takes over the one that a killed keeper
// left, and serves the course page itself, says so to the `start` that made it, and on SIGTERM, or when the server ends by
// itself, removes everything and ends.

import { setTimeout as delay } from "node:timers/promises";
import { startCoursePage } from "../course/index.js";
import {
  choosePort,
  endFormerServer,
  type JupyterServer,
  startServer,
  takeOverServer,
} from "../jupyter/index.js";
import { identifyProcess, isProcessAlive } from "../net/index.js";
import { type LabState, readOrphan, removeState, writeState } from "./lab-state.js";
import { NOTEBOOKS } from "./place.js";

/** What the keeper tells the process that started it, once. */
export type KeeperMessage =
  | { readonly kind: "ready" }
  | { readonly kind: "failed"; readonly message: string };

const WATCH_MS = 1000;

/** @param port of the course page; Jupyter takes the next one, or any */
async function keep(port: number): Promise<void> {
  // Tabs that a killed lab left open go on where it is started again on its port.
  const orphan = readOrphan();
  const token = orphan?.page.port === port ? { token: orphan.page.token } : {};
  const former = orphan === null ? null : await takeOver(orphan);
  const server = former ?? (await startServer({ folder: NOTEBOOKS, port: await besides(port) }));
  const page = await startCoursePage({ jupyter: server, port, ...token }).catch(async (error: Error) => {
    // Where two keepers want to take over, the one that comes late leaves the server to the other.
    if (former === null) await server.stop();
    throw error;
  });
  const identity = { keeper: identifyProcess(process.pid)!, server: identifyProcess(server.pid)! };
  const { baseUrl, token: jupyterToken, home, url } = server;
  const since = new Date().toISOString();
  const jupyter = { baseUrl, token: jupyterToken, home, hasPage: url !== null };
  writeState({ ...identity, ...jupyter, page: { port, token: page.token }, since });
  await tell({ kind: "ready" });
  const asked = new AbortController();
  for (const name of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.once(name, () => asked.abort());
  while (!asked.signal.aborted && isProcessAlive(identity.server)) {
    await delay(WATCH_MS, undefined, { signal: asked.signal }).catch(() => {});
  }
  await page.stop();
  await server.stop();
  removeState();
}

/** The server that a killed keeper left; one that does not answer any more is ended. */
async function takeOver(orphan: LabState): Promise<JupyterServer | null> {
  const { home } = orphan;
  const place = home === undefined ? null : { ...orphan, home, folder: NOTEBOOKS };
  const server = place === null ? null : await takeOverServer(orphan.server, place);
  if (server === null) await endFormerServer(orphan.server, home);
  return server;
}

/** A port for Jupyter: the next one, or any. */
function besides(port: number): Promise<number> {
  return choosePort(port + 1).catch(() => choosePort());
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
