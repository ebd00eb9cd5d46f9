// The notebook kernel keeps an AbortSignal for the running cell under this symbol, and aborts it when somebody presses
// the stop button. Outside a notebook there is none. (A symbol, because the kernel's launcher loads no lab code.)
const INTERRUPT = Symbol.for("ringside.interrupt");

/** The running cell's stop button, or undefined outside a notebook. */
export function notebookSignal(): AbortSignal | undefined {
  const holder = (globalThis as { [INTERRUPT]?: { readonly signal?: AbortSignal } })[INTERRUPT];
  return holder?.signal;
}
