// Learner code runs on this thread, and a loop that never ends leaves the thread no moment in which to stop it. So it is
// called through Node's `vm`, which starts a clock on a thread of its own; when the time is over that thread tells V8 to give
// up, and the call comes back as an error. Learner code cannot catch that. Only learner code is called so: the judge's own
// work (a network being made, a socket being closed) is never cut off in the middle.
import { Script } from "node:vm";

/** Longest time that one call of learner code may take, in milliseconds. */
export const CALL_LIMIT_MS = 2000;

/** Thrown in place of an answer that did not come. */
class EndlessError extends Error {
  override readonly name: string = "EndlessError";
}

/** An answer that can be called without fear. */
export interface Guarded {
  /** What to hand to the scenarios: the function with a clock around it, or the data as they were. */
  readonly mine: unknown;
  /** True once a call had to be stopped. */
  readonly stopped: () => boolean;
}

/**
 * Puts a clock around what a learner handed in. An async function is not called where the exercise does not ask for one: it
 * would go on after its call, where no clock sees it. (To end it there through V8 from another thread was tried: Node ends
 * the whole process, because the promise's async context is never left.)
 *
 * @param mayBeAsync whether the exercise asks for an async function
 * @param limitMs time of one call
 */
export function guard(mine: unknown, mayBeAsync: boolean, limitMs: number = CALL_LIMIT_MS): Guarded {
  if (typeof mine !== "function") return { mine, stopped: () => false };
  if (isAsync(mine) && !mayBeAsync) return { mine: answerLater, stopped: () => false };
  let stopped = false;
  const stop = (): void => {
    stopped = true;
  };
  function guarded(this: unknown, ...args: unknown[]): unknown {
    return callWithin(limitMs, () => Reflect.apply(mine as () => unknown, this, args), stop);
  }
  return { mine: guarded, stopped: () => stopped };
}

function isAsync(mine: object): boolean {
  return /^Async/.test(Object.prototype.toString.call(mine).slice("[object ".length));
}

/** Stands in for an async function; judges say of its promise what is wrong with that. */
function answerLater(): Promise<never> {
  return new Promise(() => undefined);
}

const CALL = Symbol.for("ringside.guarded-call");
const script = new Script(`globalThis[Symbol.for("${CALL.description}")]()`);

function callWithin(limitMs: number, call: () => unknown, stop: () => void): unknown {
  const { exit } = process;
  Reflect.set(globalThis, CALL, call);
  process.exit = refuseExit;
  try {
    return script.runInThisContext({ timeout: limitMs });
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException | null)?.code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw thrown;
    stop();
    throw new EndlessError(`it was stopped after ${limitMs / 1000} s: does its loop end?`);
  } finally {
    process.exit = exit;
  }
}

function refuseExit(): never {
  throw new Error("process.exit would end the notebook and all its variables: return instead");
}
