import { spawn } from "node:child_process";
import { mkdirSync, openSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { KeeperMessage } from "./keeper.js";
import { type LabState, pageLines, pages, readOrphan, readState } from "./lab-state.js";
import { STATE_FOLDER } from "./place.js";
import { portHolder } from "./port-holder.js";
import { JSON_OPTION, type Request, UsageError, type Verb } from "./verb.js";

const FIRST_PORT = 8888;
const LAST_PORT = 8907;

export const start: Verb = {
  name: "start",
  summary: "start the course page and print its address",
  operands: "",
  options: {
    port: {
      type: "string",
      placeholder: "port",
      help: `listen there; else ${FIRST_PORT}, or the next that is free`,
    },
    json: JSON_OPTION,
  },
  details: `Starts the course page and a Jupyter server on 127.0.0.1, each with a token of its own, and returns. Where they run
already, prints their addresses again. Where a lab was killed, takes its place: open pages and running cells go on. What you
write is kept in notebooks/mine/; else it writes .ringside/ and nothing more.

End it with: npx ringside stop`,
  run: startLab,
};

async function startLab(request: Request): Promise<number> {
  const wanted = parsePort(request.value("port"));
  const orphan = readOrphan();
  const running = orphan === null ? readState() : null;
  if (running === null) await startKeeper(await choose(wanted, orphan?.page.port));
  else if (wanted !== null && running.page.port !== wanted) throw alreadyElsewhere(running, wanted);
  const state = readState();
  if (state === null)
    throw new Error(`Cannot start the lab: it ended at once -> see ${STATE_FOLDER}/server.log`);
  if (request.flag("json")) console.log(JSON.stringify({ ...state, ...pages(state) }, null, 2));
  else announce(state, running !== null);
  return 0;
}

function parsePort(text: string | undefined): number | null {
  if (text === undefined) return null;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65535) return port;
  throw new UsageError(
    `Cannot listen on port "${text}": it is not a number from 1 to 65535 -> try --port 8888`,
  );
}

function alreadyElsewhere({ page }: LabState, wanted: number): Error {
  return new Error(
    `Cannot start on port ${wanted}: the lab already runs on port ${page.port} -> open that, or npx ringside stop first`,
  );
}

/** The wanted port, or the one that a killed lab had, so that its open pages find the new one; else one that is free. */
async function choose(wanted: number | null, former: number | undefined): Promise<number> {
  if (wanted !== null) return thePort(wanted);
  const { choosePort } = await import("../jupyter/index.js");
  if (former === undefined) return freePort();
  return choosePort(former).catch(() => freePort());
}

/** The port itself, or an error that names who holds it. */
async function thePort(port: number): Promise<number> {
  const { choosePort } = await import("../jupyter/index.js");
  return choosePort(port).catch((error: Error) => {
    const holder = portHolder(port);
    if (holder === null) throw error;
    throw new Error(
      `Cannot start on port ${port}: it is taken by ${holder} -> leave out --port, or choose another`,
    );
  });
}

async function freePort(): Promise<number> {
  const { choosePort } = await import("../jupyter/index.js");
  for (let port = FIRST_PORT; port <= LAST_PORT; port++) {
    const free = await choosePort(port).catch(() => null);
    if (free !== null) return free;
    const holder = portHolder(port);
    console.error(`Port ${port} is taken${holder === null ? "" : ` by ${holder}`}; trying the next`);
  }
  throw new Error(`Cannot start the lab: ports ${FIRST_PORT} to ${LAST_PORT} are taken -> try --port 9999`);
}

/** Starts the process that keeps the server, and waits until it answers. */
async function startKeeper(port: number): Promise<void> {
  mkdirSync(STATE_FOLDER, { recursive: true, mode: 0o700 });
  const log = openSync(`${STATE_FOLDER}/server.log`, "w", 0o600);
  const keeper = spawn(
    process.execPath,
    [fileURLToPath(new URL("keeper.js", import.meta.url)), String(port)],
    {
      detached: true,
      stdio: ["ignore", log, log, "ipc"],
    },
  );
  const message = await new Promise<KeeperMessage>((resolve) => {
    keeper.once("message", (received) => resolve(received as KeeperMessage));
    keeper.once("exit", (code, signal) => {
      resolve({
        kind: "failed",
        message: `Cannot start the lab: it ended with ${code ?? signal} -> see ${STATE_FOLDER}/server.log`,
      });
    });
  });
  keeper.unref();
  if (message.kind === "failed") throw new Error(message.message);
}

function announce(state: LabState, again: boolean): void {
  console.log(`${again ? "The lab is running already" : "The lab is running"}.

${pageLines(state)}

Stop it with: npx ringside stop`);
}
