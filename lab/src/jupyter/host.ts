// The notebook kernel as code in a cell can reach it. Both stock tslab and our launcher put `__tslab__` on the global
// object; our launcher adds an AbortSignal for the stop button. Elsewhere (a script, a test) neither is there.

/** Shows a MIME bundle; `update` replaces the last one shown under the same id. */
export type ShowBundle = (
  data: Record<string, string>,
  displayId: string | undefined,
  update: boolean,
) => void;

interface DisplayHook {
  lastWriteDisplayData:
    | ((
        content: { data: object; metadata: object; transient: { display_id?: string | undefined } },
        update: boolean,
      ) => void)
    | null;
}

/** @returns how to show a MIME bundle in the running cell, or null outside a notebook */
export function notebookDisplay(): ShowBundle | null {
  const tslab = (globalThis as { __tslab__?: { require(name: string): unknown } }).__tslab__;
  if (tslab === undefined) return null;
  const hook = tslab.require("tslab/dist/jupyter.js") as DisplayHook;
  if (hook.lastWriteDisplayData === null) return null;
  return (data, displayId, update) =>
    hook.lastWriteDisplayData?.({ data, metadata: {}, transient: { display_id: displayId } }, update);
}

const never: AbortSignal = new AbortController().signal;

/**
 * The stop button of the cell that asks.
 *
 * @returns a signal that aborts when the reader interrupts the cell; one that never does outside our kernel
 */
export function interruptSignal(): AbortSignal {
  const access = (globalThis as Record<symbol, unknown>)[Symbol.for("ringside.interrupt")];
  return (access as { signal: AbortSignal } | undefined)?.signal ?? never;
}
