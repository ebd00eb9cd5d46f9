// Learner code runs on this thread, and a loop that never ends leaves the thread no moment in which to stop it. So it is
// called through Node's `vm`, which starts a clock on a thread of its own; when the time is over that thread tells V8 to give
// up, and the call comes back as an error. Learner code cannot catch that. Only learner code is called so: the judge's own
// work (a network being made, a socket being closed) is never cut off in the middle.
import { Script } from "node:vm";
import { watchPromise } from "./thread-watch.js";
import { isPromise } from "./values.js";

/** Longest time that one call of learner code may take, in milliseconds. */
export const CALL_LIMIT_MS = 2000;

/** Thrown in place of an answer that did not come. */
export class EndlessError extends Error {
  override readonly name: string = "EndlessError";
}

/** An answer that can be called without fear. */
export interface Guarded {
  /** What to hand to the scenarios: the function with a clock around it, or the data as they were. */
  readonly mine: unknown;
  /** True once a call had to be stopped. */
  readonly stopped: () => boolean;
}

/** Puts a clock around what a learner handed in. @param limitMs time of one call */
export function guard(mine: unknown, limitMs: number = CALL_LIMIT_MS): Guarded {
  if (typeof mine !== "function") return { mine, stopped: () => false };
  let stopped = false;
  const stop = (): void => {
    stopped = true;
  };
  function guarded(this: unknown, ...args: unknown[]): unknown {
    const answer = callWithin(limitMs, () => Reflect.apply(mine as () => unknown, this, args), stop);
    // An async function goes on after this call, where the clock above no longer sees it.
    if (isPromise(answer)) watchPromise(answer, limitMs, stop);
    return answer;
  }
  return { mine: guarded, stopped: () => stopped };
}

const CALL = Symbol.for("ringside.guarded-call");
const script = new Script(`globalThis[Symbol.for("${CALL.description}")]()`);

function callWithin(limitMs: number, call: () => unknown, stop: () => void): unknown {
  Reflect.set(globalThis, CALL, call);
  try {
    return script.runInThisContext({ timeout: limitMs });
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException | null)?.code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw thrown;
    stop();
    throw new EndlessError(`it was stopped after ${limitMs / 1000} s: does its loop end?`);
  }
}
