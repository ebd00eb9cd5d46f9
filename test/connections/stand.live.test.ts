import { countCalls, type RunSpec, type ServerDesign, Stand } from "ringside/connections";
import { Testbed, twoHosts } from "ringside/net";
import { allowedCpus, libc } from "ringside/sys";
import { countDuring } from "ringside/trace";
import { afterAll, beforeAll, expect, test } from "vitest";

const SIGCHLD = 17;
const tgkill = libc.declare("int tgkill(int process, int thread, int signal)");
const cpus = allowedCpus();
let testbed: Testbed;
let stand: Stand;

beforeAll(async () => {
  testbed = Testbed.create(twoHosts());
  stand = await Stand.open(testbed, { servers: [cpus.at(-1)!], clients: [cpus[0]!] });
}, 30_000);
afterAll(async () => {
  await stand?.close();
  testbed?.close();
});

const spec = (changes: Partial<RunSpec>): RunSpec => ({
  design: "oneByOne",
  sharing: "shared",
  connections: 200,
  requests: 1,
  ratePerSecond: null,
  window: 1,
  ...changes,
});
const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0);

const EXACT: [ServerDesign, number][] = [
  ["oneByOne", 4],
  ["epoll", 7],
  ["ioUring", 2],
  ["ioUringDirect", 2],
];
test.each(EXACT)("%s costs exactly %i system calls for a short connection", async (design, calls) => {
  const run = await countCalls(stand, spec({ design }));
  expect(run.uncounted).toBe(0);
  expect(run.calls).toBe(200 * calls);
  expect(run.tally.completed).toBe(200);
  expect(run.tally.kernel.taken).toBe(200);
});

test("with many open at once epoll still makes a call a step, and io_uring shares them", {
  timeout: 30_000,
}, async () => {
  const crowd = { window: 64, connections: 400, requests: 2 };
  const { calls: oneByOne, byName } = await countCalls(stand, spec({ design: "oneByOne", ...crowd }));
  const { calls: epoll } = await countCalls(stand, spec({ design: "epoll", ...crowd }));
  const { calls: ioUring } = await countCalls(stand, spec({ design: "ioUring", ...crowd }));
  expect(byName).toMatchObject({ accept4: 400, recvfrom: 800, sendto: 800, close: 400 });
  expect(oneByOne).toBe(400 * 6);
  expect(epoll).toBeGreaterThan(400 * 7);
  expect(ioUring).toBeLessThan(epoll / 2);
});

test("a signal that another thread may take interrupts no server", async () => {
  const ignore = (): void => {};
  process.on("SIGCHLD", ignore); // without a handler the kernel would drop the signal at once
  const serve =
    (signalled: boolean) =>
    async (play: () => Promise<void>, [server]: readonly number[]) => {
      const { counts } = await countDuring({ syscalls: { tids: [server!] } }, async () => {
        if (signalled) tgkill(process.pid, server, SIGCHLD);
        await play();
      });
      names.push(counts.syscalls.byName);
    };
  const names: Readonly<Record<string, number>>[] = [];
  try {
    for (const signalled of [false, true]) await stand.run(spec({ design: "oneByOne" }), serve(signalled));
  } finally {
    process.off("SIGCHLD", ignore);
  }
  expect(names[1]).toEqual(names[0]);
});

test("a queue of few places overflows: the kernel counts it, and no connection is lost from the account", {
  timeout: 60_000,
}, async () => {
  const burst = { connections: 400, ratePerSecond: 100_000, window: 400, patienceMs: 1500 };
  const roomy = await stand.run(spec(burst));
  expect([roomy.completed, roomy.errors, roomy.kernel.listenOverflows]).toEqual([400, {}, 0]);
  const tight = await stand.run(spec({ ...burst, backlog: 1 }));
  expect(tight.kernel.listenOverflows).toBeGreaterThan(0);
  expect(tight.completed + sum(tight.errors)).toBe(400);
  // A SYN that was dropped is sent again after a second.
  expect(tight.latencyNs.quantile(1)).toBeGreaterThan(0.9e9);
});

test("the side that closes first keeps the TIME-WAIT: the server's", async () => {
  const { completed, kernel } = await stand.run(spec({ design: "epoll", window: 32 }));
  expect(completed).toBe(200);
  expect(kernel.timeWaited).toBe(200);
});

test("stopped early it ends at once, and counts what was refused", { timeout: 30_000 }, async () => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 200);
  const tally = await stand.run(
    spec({ connections: 4000, ratePerSecond: 2000, window: 256, signal: stop.signal }),
  );
  expect(tally.completed).toBeGreaterThan(0);
  expect(tally.errors.ECONNREFUSED).toBeGreaterThan(0);
  expect(tally.completed + sum(tally.errors)).toBe(4000);
});

test("a window that the client's loop cannot hold is refused", async () => {
  await expect(stand.run(spec({ window: 5000 }))).rejects.toThrow(/^Cannot open 200 connections/);
});
