let users = 0;
let kept: Pick<Console, "debug" | "warn"> = console;

/**
 * Silences `console.debug` and `console.warn`, by which @jupyterlab/services tells of every websocket it opens or loses;
 * what matters of that reaches our callers as an error.
 *
 * @returns undoes it; the console speaks again when the last user is done
 */
export function quietConsole(): () => void {
  if (users++ === 0) {
    kept = { debug: console.debug, warn: console.warn };
    console.debug = () => {};
    console.warn = () => {};
  }
  let mine = true;
  return () => {
    if (mine && --users === 0) Object.assign(console, kept);
    mine = false;
  };
}
