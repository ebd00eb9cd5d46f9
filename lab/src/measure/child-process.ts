// The parent's side of a run: start the child, pass the stop button on, and see to it that the child is gone.
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { removeTestbedsOf } from "../net/index.js";
import { type Ending, type Progress, type RunMessage, STUCK_AFTER_S, type ToParent } from "./messages.js";

/** How long an aborted child may take to remove what it made, before it is killed. */
const GRACE_MS = 150;
const CHILD = fileURLToPath(new URL("./child.js", import.meta.url));
const LAST_WORDS_BYTES = 2000;

/**
 * Runs one experiment in a process of its own and waits until that process is gone.
 *
 * @param message which experiment, with what
 * @param signal the stop button: the child has 150 ms to clean up, then it is killed
 * @param onProgress is told how far it is
 * @returns How it ended; `aborted` when the signal ended it.
 * @throws Error where the child died without an ending.
 */
export async function runInChild(
  message: RunMessage,
  signal: AbortSignal,
  onProgress: (progress: Progress) => void,
): Promise<Ending> {
  if (signal.aborted) return { type: "aborted" };
  // Detached: Jupyter interrupts the whole process group, and the child is to end by our message instead.
  const child = fork(CHILD, { detached: true, execArgv: [], stdio: ["ignore", "ignore", "pipe", "ipc"] });
  const lastWords = tail(child);
  let ending: Ending | undefined;
  let lastProgress = "its start";
  child.on("message", (heard: ToParent) => {
    if (heard.type !== "progress") {
      ending = heard;
    } else if (!signal.aborted) {
      lastProgress = heard.text;
      onProgress(heard);
    }
  });
  // A child that died cannot be written to; its exit says all.
  child.send(message, () => undefined);
  const release = stopOn(signal, child);
  const death = await exitOf(child);
  release();
  // A child that said nothing at its end could not remove its network either.
  if (ending === undefined) removeTestbedsOf(child.pid!);
  if (signal.aborted) return { type: "aborted" };
  if (ending !== undefined) return ending;
  throw new Error(
    `Cannot measure with ${message.module}: its process ended by ${death} after "${lastProgress}"${lastWords()}; nothing of it is running any more -> run it again; if it happens twice, the experiment has a fault`,
  );
}

function stopOn(signal: AbortSignal, child: ChildProcess): () => void {
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    child.send({ type: "abort" }, () => undefined);
    timer = setTimeout(() => killGroup(child), GRACE_MS);
  };
  signal.addEventListener("abort", stop, { once: true });
  return () => {
    signal.removeEventListener("abort", stop);
    clearTimeout(timer);
  };
}

/** A detached child leads a process group of its own, which its helpers share. */
function killGroup(child: ChildProcess): void {
  try {
    process.kill(-child.pid!, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function exitOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) =>
      resolve(
        signal === "SIGALRM" ? `SIGALRM, stuck for ${STUCK_AFTER_S} s` : (signal ?? `exit code ${code}`),
      ),
    );
  });
}

/** Keeps the end of what the child wrote to its standard error, for the message of a crash. */
function tail(child: ChildProcess): () => string {
  let text = "";
  child.stderr!.setEncoding("utf8").on("data", (chunk: string) => {
    text = (text + chunk).slice(-LAST_WORDS_BYTES);
  });
  return () => (text.trim() === "" ? "" : `; it said: ${text.trim()}`);
}
