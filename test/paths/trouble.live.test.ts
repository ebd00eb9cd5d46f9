// What goes wrong on purpose: each trouble is a counted drop with a hop's name or a named error; nothing hangs, nothing is left.
import { SysError } from "ringside/base";
import { type ConsumerThread, type PathName, Stage, type StageSpec } from "ringside/paths";
import { allowedCpus } from "ringside/sys";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { namedAfter } from "../net/leftovers.js";

let before: string[];
let cpus: number[];
beforeEach(() => {
  before = namedAfter(process.pid).namespaces;
  cpus = allowedCpus();
});
afterEach(() => {
  expect(namedAfter(process.pid).namespaces).toEqual(before);
  expect(allowedCpus()).toEqual(cpus);
});

async function onStage<T>(spec: StageSpec, run: (stage: Stage) => Promise<T>): Promise<T> {
  const stage = await Stage.open(spec);
  try {
    return await run(stage);
  } finally {
    await stage.close();
  }
}

/** One of each kind: a socket, the event loop, a ring. */
const KINDS: readonly PathName[] = ["udp-recvmmsg", "node-dgram", "xdp-need-wakeup"];
const HOPS: Partial<Record<PathName, string>> = {
  "udp-recvmmsg": "socket buffer full",
  "node-dgram": "socket buffer full",
  "xdp-need-wakeup": "no frame in the fill ring",
};

describe("two queues", () => {
  test("bring everything to the one that the injecting CPU chooses", async () => {
    const run = await onStage({ path: "xdp-need-wakeup", queues: 2 }, (stage) =>
      stage.run({ frames: 10_000, inFlight: 512 }),
    );
    expect(run).toMatchObject({ received: 10_000, losses: [], unaccounted: 0 });
  });

  test("bring nothing to the other one, and the packets are found in the stack", async () => {
    const other = 1 - (allowedCpus()[0]! % 2);
    const spec: StageSpec = { path: "xdp-need-wakeup", queues: 2, queue: other };
    const run = await onStage(spec, (stage) => stage.run({ frames: 1000 }));
    expect(run).toMatchObject({ received: 0, unaccounted: 0 });
    expect(run.losses).toMatchObject([{ hop: "no socket on its queue: gone to the stack", packets: 1000 }]);
    await expect(onStage(spec, (stage) => stage.assertDelivery())).rejects.toThrow(
      /0 of 16 probe packets came, no socket on its queue.*-> bind to the queue/,
    );
  });

  test("are all that there is: a third one is refused by name", async () => {
    const spec: StageSpec = { path: "xdp-need-wakeup", queues: 2, queue: 2 };
    await expect(Stage.open(spec)).rejects.toThrow(/has no queue 2/);
  });
});

describe("a consumer that does not look", () => {
  test.each(KINDS)("loses by %s what its ring cannot hold, counted at that hop", async (path) => {
    const [ringSize, frames] = [256, 10_000];
    await onStage({ path, options: { ringSize } }, async (stage) => {
      const far = stage.far as ConsumerThread;
      await far.beginHeld({ first: 0, startNs: 0, intervalNs: 0 });
      const { arrived } = stage.injector.injectNow(frames);
      expect(arrived).toBe(frames);
      far.drain(2 ** 31 - 1, 100);
      const { taken, drops } = await far.finish();
      expect(taken.packets).toBeGreaterThanOrEqual(ringSize / 2);
      expect(taken.packets).toBeLessThanOrEqual(2 * ringSize);
      expect(drops[path.startsWith("xdp") ? 1 : 0]).toMatchObject({
        hop: HOPS[path],
        packets: frames - taken.packets,
      });
    });
  });
});

describe("a consumer that is too slow", () => {
  test.each(KINDS)(
    "loses by %s a counted number of packets, and receives the rest in order",
    async (path) => {
      const spec: StageSpec = {
        path,
        touch: "bytes",
        options: { frameBytes: 1514, ringSize: 256, batch: 8 },
      };
      const run = await onStage(spec, (stage) =>
        stage.run({ frames: 60_000, ratePps: Number.POSITIVE_INFINITY }),
      );
      expect(run.unaccounted).toBe(0);
      expect(run.received).toBeGreaterThan(256);
      expect(run.received).toBeLessThan(60_000);
      expect(run.taken.behind).toBe(0);
    },
  );
});

describe("a consumer that dies", () => {
  test.each(KINDS)("in the middle of a run by %s gives a named error, soon", async (path) => {
    await onStage({ path }, async (stage) => {
      const running = stage.run({ seconds: 20, ratePps: 10_000 });
      running.catch(() => undefined);
      while (stage.far.received() === 0) await new Promise((resolve) => setImmediate(resolve));
      const killed = (stage.far as ConsumerThread).kill();
      await expect(running).rejects.toThrow(/Cannot receive by .*: its thread has ended/);
      await killed;
    });
  });
});

describe("an interface that is removed", () => {
  test.each(KINDS)("under %s gives a named error, and nothing hangs", async (path) => {
    await onStage({ path }, async (stage) => {
      const run = stage.run({ seconds: 0.5, ratePps: 20_000 });
      run.catch(() => undefined);
      while (stage.far.received() === 0) await new Promise((resolve) => setImmediate(resolve));
      stage.testbed.inside("b", "ip", "link", "del", "veth-b");
      await expect(run).rejects.toSatisfy(
        (error) => error instanceof SysError && /ENODEV|ENXIO|ENETDOWN/.test(error.code),
      );
    });
  });
});

describe("a path that cannot be opened", () => {
  test("says why, and leaves no wire behind", async () => {
    const spec: StageSpec = { path: "xdp-need-wakeup", options: { ringSize: 1000 } };
    await expect(Stage.open(spec)).rejects.toThrow(/ring/);
    await expect(Stage.open({ path: "no-such-path" as PathName })).rejects.toThrow(
      /Cannot find path no-such-path -> there are/,
    );
  });
});
