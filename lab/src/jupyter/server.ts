// A Jupyter server of our own, or where Jupyter is not installed, our small one that serves kernels and no page: on loopback, with a random token, with our kernel and none of the user's
// configuration, and with nothing left behind when it stops: no server, no kernel, no folder.

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { accessSync, constants, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { patient } from "../sys/index.js";
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
  /** Jupyter's page that a person opens, with its token; null where Jupyter is not installed. */
  readonly url: string | null;
  /** What it and its kernels last wrote to stderr, as the end of an error message; empty where they wrote nothing. */
  lastWords(): string;
  /** Ends the server and its kernels and removes its files. Calling it again does nothing. */
  stop(): Promise<void>;
}

const JUPYTER = "/usr/bin/jupyter-notebook";
const KERNELS = fileURLToPath(new URL("../../../kernels/jupyter/", import.meta.url));
const START_DEADLINE_MS = patient(30_000);
const STOP_DEADLINE_MS = 12_000;
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
  const child = whole ? spawnServer(spec, port, token, home) : spawnSmall(spec, port, token, home);
  const stderr = collectTail(child);

  const baseUrl = `http://127.0.0.1:${port}/`;
  const stop = stopOnce(child, home);
  try {
    await answering(child, baseUrl, token, stderr);
  } catch (error) {
    await stop();
    throw error;
  }
  const url = whole ? `${baseUrl}tree?token=${token}` : null;
  const lastWords = (): string => (stderr() === "" ? "" : `; Jupyter's last lines: ${stderr()}`);
  return { baseUrl, token, port, pid: child.pid!, folder: spec.folder, url, lastWords, stop };
}

function spawnServer(spec: ServerSpec, port: number, token: string, home: string): ChildProcess {
  const { folder, config = join(KERNELS, "jupyter_server_config.py") } = spec;
  const env = { ...process.env, ...spec.environment };
  const kernelspecs = execFileSync(process.execPath, [join(KERNELS, "kernelspec.cjs")], {
    encoding: "utf8",
    env,
  });
  const args = [`--config=${config}`, "--allow-root", "--no-browser", `--port=${port}`];
  return spawn(JUPYTER, [...args, "--port-retries=0", `--notebook-dir=${folder}`], {
    // Its own process group: Ctrl-C in our terminal is ours to handle, and `stop` ends the server in order.
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
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
export function hasJupyter(): boolean {
  try {
    accessSync(JUPYTER, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Kernels without Jupyter: what the course page and the command line need of its server, and no more. */
function spawnSmall(spec: ServerSpec, port: number, token: string, home: string): ChildProcess {
  return spawn(process.execPath, [join(KERNELS, "small/serve.cjs"), String(port), spec.folder, home], {
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, ...spec.environment, JUPYTER_TOKEN: token },
  });
}

/** Keeps the last lines of stderr, which say why a server did not start. */
function collectTail(child: ChildProcess): () => string {
  let tail = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    tail = (tail + text).slice(-2000);
  });
  return () => tail.trim().split("\n").slice(-3).join(" | ");
}

async function answering(
  child: ChildProcess,
  baseUrl: string,
  token: string,
  stderr: () => string,
): Promise<void> {
  const deadline = performance.now() + START_DEADLINE_MS;
  const headers = { Authorization: `token ${token}` };
  while (performance.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(
        `Cannot start Jupyter at ${baseUrl}: it ended with code ${child.exitCode ?? child.signalCode}: ${stderr()} -> run ${JUPYTER} --version to see whether it works at all`,
      );
    }
    const answer = await fetch(`${baseUrl}api/status`, { headers }).catch(() => null);
    if (answer?.ok) return;
    await delay(POLL_MS);
  }
  throw new Error(
    `Cannot start Jupyter at ${baseUrl}: no answer for ${START_DEADLINE_MS / 1000} s: ${stderr()} -> try again on a machine with less load`,
  );
}

function stopOnce(child: ChildProcess, home: string): () => Promise<void> {
  const pid = child.pid;
  // Should this process end without calling stop, the server still goes; it takes its kernels along.
  const onExit = (): void => {
    signal(pid, "SIGTERM");
    rmSync(home, { recursive: true, force: true });
  };
  process.once("exit", onExit);
  let stopping: Promise<void> | null = null;
  return () => {
    stopping ??= endServer(child).finally(() => {
      process.removeListener("exit", onExit);
      rmSync(home, { recursive: true, force: true });
    });
    return stopping;
  };
}

async function endServer(child: ChildProcess): Promise<void> {
  const ended = (): boolean =>
    child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
  const kernels = childrenOf(child.pid);
  signal(child.pid, "SIGTERM");
  const deadline = performance.now() + STOP_DEADLINE_MS;
  while (!ended() && performance.now() < deadline) await delay(POLL_MS);
  if (!ended()) signal(child.pid, "SIGKILL");
  // A kernel that its server did not manage to end.
  for (const kernel of kernels) signal(kernel, "SIGKILL");
  child.stderr?.destroy();
}

function childrenOf(pid: number | undefined): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
    return text.split(" ").filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function signal(pid: number | undefined, name: "SIGTERM" | "SIGKILL"): void {
  if (pid === undefined) return;
  try {
    process.kill(pid, name);
  } catch {
    // It has ended already.
  }
}
