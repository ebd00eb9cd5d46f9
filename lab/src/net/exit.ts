// Removals that must happen even if nobody asks: at the process's end, however it comes, short of SIGKILL.
import { isMainThread } from "node:worker_threads";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const removals = new Set<() => void>();

function removeAll(): void {
  for (const remove of [...removals]) {
    try {
      remove();
    } catch {
      // The process is ending; `ringside reset` removes what this could not.
    }
  }
}

/** Removes and lets the signal do its work. A notebook kernel has its own listener: then the signal means "stop the cell". */
function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  removeAll();
  unlisten();
  process.kill(process.pid, signal);
}

function listen(): void {
  process.on("exit", removeAll);
  // Node gives signals to the main thread only.
  if (isMainThread) for (const signal of SIGNALS) process.on(signal, onSignal);
}

function unlisten(): void {
  process.off("exit", removeAll);
  for (const signal of SIGNALS) process.off(signal, onSignal);
}

/** Calls `remove` when the process ends by itself or by SIGINT, SIGTERM or SIGHUP. */
export function removeAtExit(remove: () => void): void {
  if (removals.size === 0) listen();
  removals.add(remove);
}

/** It has been removed. */
export function forgetRemoval(remove: () => void): void {
  removals.delete(remove);
  if (removals.size === 0) unlisten();
}
