// The last guard: a thread that watches this one while an async function of a learner is under way. This thread gives a sign
// of life from a timer; when no sign comes for too long, some code keeps the thread for itself, and the watcher asks V8,
// through Node's inspector, to give that code up. Everything else goes on; the promise never settles.
import { Worker } from "node:worker_threads";

const SIGN_MS = 20;
/** A promise that settles by no means is watched no longer than this. */
const WATCH_MS = 10_000;

const WATCHER = `
const { Session } = require("node:inspector");
const { parentPort, workerData: { signs, limitMs } } = require("node:worker_threads");
const session = new Session();
session.connectToMainThread();
let seen = -1;
let since = performance.now();
const timer = setInterval(() => {
  const now = Atomics.load(signs, 0);
  if (now !== seen) [seen, since] = [now, performance.now()];
  if (performance.now() - since < limitMs) return;
  session.post("Runtime.terminateExecution", () => undefined);
  Atomics.store(signs, 1, 1);
  since = performance.now();
}, 20);
parentPort.once("message", () => {
  clearInterval(timer);
  session.disconnect();
});`;

/**
 * Watches the thread until a learner's promise settles, ten seconds at most.
 *
 * @param limitMs time after which a thread without a sign of life is taken from the code that holds it
 * @param onStop is told, once, that this was necessary
 */
export function watchPromise(promise: PromiseLike<unknown>, limitMs: number, onStop: () => void): void {
  const signs = new Int32Array(new SharedArrayBuffer(8));
  // It boots beside us, even when the code that it is to stop holds this thread already.
  const watcher = new Worker(WATCHER, { eval: true, workerData: { signs, limitMs } });
  watcher.unref();
  // A machine without threads to spare loses this guard, and nothing else.
  watcher.on("error", () => undefined);
  const sign = setInterval(() => {
    Atomics.add(signs, 0, 1);
    if (Atomics.load(signs, 1) === 1) stopWatching();
  }, SIGN_MS).unref();
  const end = setTimeout(stopWatching, WATCH_MS).unref();
  promise.then(stopWatching, stopWatching);

  function stopWatching(): void {
    clearInterval(sign);
    clearTimeout(end);
    if (Atomics.exchange(signs, 1, 0) === 1) onStop();
    watcher.postMessage("end");
  }
}
