// Removals that must happen even if nobody asks: at the process's end, however it comes, short of SIGKILL.
const removals = new Set<() => void>();
let listening = false;

function removeAll(): void {
  for (const remove of [...removals]) {
    try {
      remove();
    } catch {
      // The process is ending; `ringside reset` removes what this could not.
    }
  }
}

/** Removes when the process ends. SIGTERM and SIGHUP end it after that, unless someone else handles them. */
export function remember(remove: () => void): void {
  removals.add(remove);
  if (listening) return;
  listening = true;
  process.on("exit", removeAll);
  for (const [signal, number] of [
    ["SIGTERM", 15],
    ["SIGHUP", 1],
    ["SIGINT", 2],
  ] as const) {
    if (process.listenerCount(signal) > 0) continue;
    process.once(signal, () => process.exit(128 + number));
  }
}

/** It has been removed. */
export function forget(remove: () => void): void {
  removals.delete(remove);
}
