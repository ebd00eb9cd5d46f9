// What was typed and is not saved yet, put aside in this browser, so that it outlives the tab. A browser may refuse to keep
// anything, or have no room left: then it is in the tab alone.

/** One cell's text that the server has not confirmed. */
export interface Aside {
  /** The last text that the server confirmed. */
  readonly base: string;
  /** What was sent last: the server may have taken it, though its answer never came. */
  readonly sent: string;
  /** The text as it was in the editor. */
  readonly text: string;
}

/** @returns whether it is kept */
export function putAside(key: string, aside: Aside): boolean {
  try {
    localStorage.setItem(key, JSON.stringify(aside));
    return true;
  } catch {
    return false;
  }
}

/** @returns null where nothing is kept that can be understood */
export function asideOf(key: string): Aside | null {
  try {
    const { base, text, sent = text } = JSON.parse(localStorage.getItem(key) ?? "{}") as Partial<Aside>;
    const texts = [base, sent, text].every((each) => typeof each === "string");
    return texts ? { base: base!, sent: sent!, text: text! } : null;
  } catch {
    return null;
  }
}

export function forgetAside(key: string): void {
  try {
    localStorage.removeItem(key);
  } catch {
    // Then nothing was kept.
  }
}
