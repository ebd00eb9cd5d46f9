// A Jupyter server whose keeper was killed runs on, with its kernels and the cells in them. Who comes next takes it over, and
// nothing that runs in it is lost.

import { isProcessAlive, type ProcessIdentity } from "../net/index.js";
import type { ServerAddress } from "./connection.js";
import { endServer } from "./end-server.js";
import { ANSWER_DEADLINE_MS, answers, type JupyterServer, type ServerPlace, serverAt } from "./server.js";

/**
 * Takes a server over. Unlike one that we started it outlives a process that ends without calling `stop`, to be taken over again.
 *
 * @returns null where that very process does not run any more, or does not answer to its token
 */
export async function takeOverServer(
  server: ProcessIdentity,
  place: ServerPlace,
): Promise<JupyterServer | null> {
  const isRunning = (): boolean => isProcessAlive(server);
  if (!isRunning() || !(await answers(place))) return null;
  const { pid } = server;
  let stopping: Promise<void> | null = null;
  const stop = (): Promise<void> => {
    stopping ??= endServer({ pid, home: place.home, isRunning });
    return stopping;
  };
  return { ...serverAt(place), pid, stop };
}

/**
 * The notebooks that have a kernel, as paths below the server's folder.
 *
 * @throws Error where the server does not answer
 */
export async function pathsWithKernel({ baseUrl, token }: ServerAddress): Promise<string[]> {
  const headers = { Authorization: `token ${token}` };
  const answer = await fetch(`${baseUrl}api/sessions`, {
    headers,
    signal: AbortSignal.timeout(ANSWER_DEADLINE_MS),
  });
  const sessions = (await answer.json()) as { readonly path: string }[];
  return sessions.map(({ path }) => path);
}

/**
 * Ends a server whose keeper was killed, if that very process still runs, with its kernels.
 *
 * @param home the server's own folder, which is removed; one that is not known is left to `ringside reset`
 */
export async function endFormerServer(server: ProcessIdentity, home?: string): Promise<void> {
  await endServer({ pid: server.pid, isRunning: () => isProcessAlive(server), home });
}
