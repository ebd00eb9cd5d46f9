// A Jupyter server of our own, or where Jupyter is not installed, our small one that serves kernels and no page: on loopback, with
// a random token, with our kernel and none of the user's configuration, and with nothing left behind when it stops: no server, no
// kernel, no folder.

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { accessSync, closeSync, constants, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { identifyProcess, noteFolderUser } from "../net/index.js";
import { patient } from "../sys/index.js";
import { endServer, errorsFile, lastErrors, signal } from "./end-server.js";
import { choosePort } from "./port.js";

/** What a server is to be. */
export interface ServerSpec {
  /** The folder whose notebooks it shows. */
  readonly folder: string;
  /** TCP port, 1 to 65535; without it, any that is free. */
  readonly port?: number;
  /** What the server and its kernels find in their environment beside ours. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Python file that configures it; `kernels/jupyter/jupyter_server_config.py` unless given. */
  readonly config?: string;
}

/** A server that answers. */
export interface JupyterServer {
  /** `http://127.0.0.1:<port>/` */
  readonly baseUrl: string;
  readonly token: string;
  readonly port: number;
  readonly pid: number;
  /** The folder whose notebooks it shows. */
  readonly folder: string;
  /** Its own folder, outside that one; removed when it stops. */
  readonly home: string;
  /** Jupyter's page that a person opens, with its token; null where Jupyter is not installed. */
  readonly url: string | null;
  /** What it and its kernels last wrote to stderr, as the end of an error message; empty where they wrote nothing. */
  lastWords(): string;
  /** Ends the server and its kernels and removes its files. Calling it again does nothing. */
  stop(): Promise<void>;
}

/** Where a server answers and what it works with. */
export interface ServerPlace extends Pick<JupyterServer, "baseUrl" | "token" | "folder" | "home"> {
  /** Whether it is Jupyter; our small server has no page. */
  readonly hasPage: boolean;
}

const JUPYTER = "/usr/bin/jupyter-notebook";
const KERNELS = fileURLToPath(new URL("../../../kernels/jupyter/", import.meta.url));
const START_DEADLINE_MS = patient(30_000);
/** How long a server may take to answer a small question. */
export const ANSWER_DEADLINE_MS: number = patient(5_000);
const POLL_MS = 50;

/**
 * Starts a Jupyter server, or the small one where Jupyter is not installed, and waits until it answers.
 *
 * @throws Error where the port is taken, or the server ends or stays silent for 30 s
 */
export async function startServer(spec: ServerSpec): Promise<JupyterServer> {
  const whole = hasJupyter();
  const port = await choosePort(spec.port);
  const token = randomBytes(24).toString("hex");
  const home = mkdtempSync(join(tmpdir(), `ringside-jupyter-${process.pid}-`));
  // A file and no pipe: where we are killed, it goes on writing, and the next of us reads it.
  const errors = openSync(errorsFile(home), "a", 0o600);
  const child = (whole ? spawnServer : spawnSmall)({ ...spec, port, token, home, errors });
  closeSync(errors);
  noteServer(home, child.pid);

  const baseUrl = `http://127.0.0.1:${port}/`;
  const stop = stopOnce(child, home);
  try {
    await answering(child, baseUrl, token, home);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    ...serverAt({ baseUrl, token, home, folder: spec.folder, hasPage: whole }),
    pid: child.pid!,
    stop,
  };
}

/** A server may outlive whoever started it, and its folder must. @param pid undefined where it did not even start */
function noteServer(home: string, pid: number | undefined): void {
  const server = pid === undefined ? null : identifyProcess(pid);
  if (server !== null) noteFolderUser(home, server);
}

/** What is known of a server by its address and its folders. */
export function serverAt(place: ServerPlace): Omit<JupyterServer, "pid" | "stop"> {
  const { baseUrl, token, home, folder, hasPage } = place;
  const url = hasPage ? `${baseUrl}tree?token=${token}` : null;
  const lastWords = (): string => {
    const errors = lastErrors(home);
    return errors === "" ? "" : `; Jupyter's last lines: ${errors}`;
  };
  return { baseUrl, token, home, folder, url, port: Number(new URL(baseUrl).port), lastWords };
}

/** What a server's process is started with. */
interface Launch extends ServerSpec {
  readonly port: number;
  readonly token: string;
  /** The server's own folder. */
  readonly home: string;
  /** File descriptor for what it and its kernels write to stderr. */
  readonly errors: number;
}

function spawnServer(launch: Launch): ChildProcess {
  const { folder, port, token, home, errors } = launch;
  const { config = join(KERNELS, "jupyter_server_config.py") } = launch;
  const env = { ...process.env, ...launch.environment };
  const kernelspecs = execFileSync(process.execPath, [join(KERNELS, "kernelspec.cjs")], {
    encoding: "utf8",
    env,
  });
  const args = [`--config=${config}`, "--allow-root", "--no-browser", `--port=${port}`];
  return spawn(JUPYTER, [...args, "--port-retries=0", `--notebook-dir=${folder}`], {
    // Its own process group: Ctrl-C in our terminal is ours to handle, and `stop` ends the server in order.
    detached: true,
    stdio: ["ignore", "ignore", errors],
    env: {
      ...env,
      JUPYTER_PATH: kernelspecs.trim(),
      JUPYTER_TOKEN: token,
      JUPYTER_CONFIG_DIR: join(home, "config"),
      JUPYTER_DATA_DIR: join(home, "data"),
      JUPYTER_RUNTIME_DIR: join(home, "runtime"),
      IPYTHONDIR: join(home, "ipython"),
    },
  });
}

/** Whether Jupyter's own server is installed, as Debian installs it. */
function hasJupyter(): boolean {
  try {
    accessSync(JUPYTER, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Kernels without Jupyter: what the course page and the command line need of its server, and no more. */
function spawnSmall({ folder, port, token, home, errors, environment }: Launch): ChildProcess {
  return spawn(process.execPath, [join(KERNELS, "small/serve.cjs"), String(port), folder, home], {
    detached: true,
    stdio: ["ignore", "ignore", errors],
    env: { ...process.env, ...environment, JUPYTER_TOKEN: token },
  });
}

async function answering(child: ChildProcess, baseUrl: string, token: string, home: string): Promise<void> {
  const deadline = performance.now() + START_DEADLINE_MS;
  while (performance.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(
        `Cannot start Jupyter at ${baseUrl}: it ended with code ${child.exitCode ?? child.signalCode}: ${lastErrors(home)} -> run ${JUPYTER} --version to see whether it works at all`,
      );
    }
    if (await answers({ baseUrl, token })) return;
    await delay(POLL_MS);
  }
  throw new Error(
    `Cannot start Jupyter at ${baseUrl}: no answer for ${START_DEADLINE_MS / 1000} s: ${lastErrors(home)} -> try again on a machine with less load`,
  );
}

/** Whether a server answers at an address, and to a token. */
export async function answers({
  baseUrl,
  token,
}: Pick<JupyterServer, "baseUrl" | "token">): Promise<boolean> {
  const headers = { Authorization: `token ${token}` };
  const signal = AbortSignal.timeout(ANSWER_DEADLINE_MS);
  const answer = await fetch(`${baseUrl}api/status`, { headers, signal }).catch(() => null);
  return answer?.ok === true;
}

function stopOnce(child: ChildProcess, home: string): () => Promise<void> {
  const { pid } = child;
  // Should this process end without calling stop, the server still goes; it takes its kernels along.
  const onExit = (): void => {
    if (pid !== undefined) signal(pid, "SIGTERM");
    rmSync(home, { recursive: true, force: true });
  };
  process.once("exit", onExit);
  const isRunning = (): boolean => pid !== undefined && child.exitCode === null && child.signalCode === null;
  let stopping: Promise<void> | null = null;
  return () => {
    stopping ??= endServer({ pid: pid ?? 0, isRunning, home }).finally(() =>
      process.removeListener("exit", onExit),
    );
    return stopping;
  };
}
