import { once } from "node:events";
import { readFileSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { allowedCpus, pinThread } from "ringside/sys";
import { countDuring } from "ringside/trace";
import { afterEach, beforeEach, expect, test } from "vitest";

const cpus = allowedCpus();
const [home, away] = [cpus[0]!, cpus.at(-1)!];
const TIMES = 50;
/** Long enough for several ticks of the kernel's clock, which a softirq follows. */
const LEAST_MS = 100;

// Sleeps on a word of shared memory, as many times as it is woken.
const SLEEPER = `
const { parentPort, workerData } = require("node:worker_threads");
const words = new Int32Array(workerData.shared);
const { pinThread, threadId } = require(workerData.sys);
pinThread([workerData.cpu]);
parentPort.postMessage(threadId());
for (let turn = 0; turn < workerData.times; turn++) {
  while (Atomics.load(words, 0) === turn) Atomics.wait(words, 0, turn);
  Atomics.store(words, 1, turn + 1);
}
`;

/** @source proc_pid_stat(5), the state after the name in parentheses */
function isAsleep(tid: number): boolean {
  return readFileSync(`/proc/self/task/${tid}/stat`, "utf8").split(") ").at(-1)!.startsWith("S");
}

beforeEach(() => pinThread([home]));
afterEach(() => pinThread(cpus));

test.runIf(cpus.length >= 2)(
  "wake-ups are counted by who woke and who ran",
  { timeout: 30_000 },
  async () => {
    const shared = new SharedArrayBuffer(8);
    const words = new Int32Array(shared);
    const sys = new URL("../../lab/dist/sys/index.js", import.meta.url).pathname;
    const workerData = { shared, sys, cpu: away, times: TIMES };
    const worker = new Worker(SLEEPER, { eval: true, workerData });
    const [tid] = (await once(worker, "message")) as [number];
    const { counts } = await countDuring({ wakeups: { tids: [tid] }, softirqs: true }, () => {
      const leastMs = performance.now() + LEAST_MS;
      for (let turn = 0; turn < TIMES; turn++) {
        const late = performance.now() + 5000;
        // Only once the other thread sleeps, so that each turn is a wake-up: a word that has changed before is not waited for.
        while (!isAsleep(tid) && performance.now() < late);
        Atomics.store(words, 0, turn + 1);
        while (Atomics.load(words, 1) <= turn && performance.now() < late) Atomics.notify(words, 0);
      }
      while (performance.now() < leastMs);
    });
    await worker.terminate();
    expect(counts.uncounted).toBe(0);
    const across = counts.wakeups.find(({ wakerCpu, runCpu }) => wakerCpu === home && runCpu === away);
    // A second notify may meet it asleep again.
    expect(across!.count).toBeGreaterThanOrEqual(TIMES / 2);
    expect(across!.count).toBeLessThan(2 * TIMES);
    for (const { runCpu } of counts.wakeups) expect(runCpu).toBe(away);
    expect(counts.softirqs.reduce((sum, { runs }) => sum + runs, 0)).toBeGreaterThan(0);
  },
);
