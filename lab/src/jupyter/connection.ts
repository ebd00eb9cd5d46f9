// How any front-end reaches a kernel behind a Jupyter server: a session by REST, the messages by websocket. With `kernel.ts`
// and `shared-kernel.ts`, which stand on it, this is all that knows @jupyterlab/services.
//
// Three things that package does not do by itself: a promise of a kernel that died never settles, so each is raced
// against death and time; its ServiceManager ends the process where a server lacks an endpoint, so sessions are started
// by the plain REST call; and it logs to stdout, where our own output goes.

import { type Kernel, type KernelConnection, ServerConnection } from "@jupyterlab/services";
import type { JupyterServer } from "./server.js";

/** What is needed to reach a server. */
export type ServerAddress = Pick<JupyterServer, "baseUrl" | "token">;

/** The websocket to a kernel broke off. The kernel itself may well live, and go on with what it runs. */
export class ConnectionLostError extends Error {
  override readonly name: string = "ConnectionLostError";

  constructor() {
    super("the connection to the Jupyter server was lost");
  }
}

/** How @jupyterlab/services reaches a server. */
export interface WayToServer {
  readonly serverSettings: ServerConnection.ISettings;
  /**
   * Rejects when a websocket closes that was not open yet. That package asks for the kernel by REST then; where the server
   * does not answer either, it waits for 10 to 30 s before it asks again, and says nothing meanwhile.
   */
  readonly closedEarly: Promise<never>;
}

/** Addresses and token for @jupyterlab/services. */
export function wayToServer(server: ServerAddress): WayToServer {
  const { baseUrl, token } = server;
  const wsUrl = baseUrl.replace(/^http/, "ws");
  const settings = ServerConnection.makeSettings({ baseUrl, wsUrl, token, appendToken: true });
  let closeEarly = (): void => {};
  const closedEarly = new Promise<never>((_resolve, reject) => {
    closeEarly = () => reject(new ConnectionLostError());
  });
  closedEarly.catch(() => {});
  // The classic Notebook knows no websocket subprotocols; offering one fails once and costs a second try.
  class WithoutSubprotocol extends settings.WebSocket {
    constructor(url: string | URL) {
      super(url);
      this.addEventListener("open", () => this.removeEventListener("close", closeEarly));
      this.addEventListener("close", closeEarly);
    }
  }
  return { serverSettings: { ...settings, WebSocket: WithoutSubprotocol }, closedEarly };
}

/** A kernel introduces itself before its compiler is loaded; an empty cell waits for that, so that no other has to. */
export async function ready(kernel: KernelConnection): Promise<void> {
  await kernel.info;
  await kernel.requestExecute({ code: "", silent: true }).done;
}

/**
 * A promise that rejects when the kernel, or the server before it, dies. A kernel that the server restarts has died for
 * its notebook, too: its variables are gone. Where only the connection broke off the reason is a `ConnectionLostError`: what the
 * kernel said since is lost for this connection, and who attaches again can ask for it (`kept-run.ts`).
 *
 * @param closedEarly of the kernel's way to its server
 */
export function watchLife(
  kernel: KernelConnection,
  closedEarly: Promise<never>,
): { readonly death: Promise<never> } {
  let connected = kernel.connectionStatus === "connected";
  const death = new Promise<never>((_resolve, reject) => {
    const judge = (_sender: unknown, status: Kernel.Status): void => {
      if (status === "dead" || status === "autorestarting" || status === "restarting") {
        reject(new Error("the kernel died"));
      }
    };
    kernel.statusChanged.connect(judge);
    kernel.connectionStatusChanged.connect((_sender, status) => {
      if (connected && status !== "connected") reject(new ConnectionLostError());
      connected ||= status === "connected";
    });
    closedEarly.catch(reject);
  });
  // The restarted kernel is none of ours; a reconnection begun for it rejects where nobody can catch it.
  kernel.reconnect = () => Promise.resolve();
  // Once connected it asks who the kernel is, and nobody catches that question's failure where the kernel dies first.
  const { requestKernelInfo } = kernel;
  kernel.requestKernelInfo = () => requestKernelInfo.call(kernel).catch(() => undefined);
  death.catch(() => {});
  return { death };
}

/**
 * Tries again what failed, once. Jupyter chooses a kernel's ports and lets go of them before the kernel takes them, so
 * any program may be quicker; the next kernel has other ports.
 */
export async function secondChance<T>(attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch {
    return await attempt();
  }
}
