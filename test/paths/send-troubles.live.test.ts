// What goes wrong on purpose for every way out of a program: each trouble is a counted drop with a hop's name or a named error;
// nothing hangs, nothing is left. What a sender does not have is said beside the list of those that have it. The wire that is
// removed is in send.live.test.ts, the process that is ended with everything open in trouble.live.test.ts.
import { setImmediate as nextTurn } from "node:timers/promises";
import {
  type ConsumerThread,
  chooseCpus,
  type SendPathName,
  type SendRun,
  SendStage,
  type SendStageSpec,
  sendPaths,
} from "ringside/paths";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Held, held, heldInTheEnd } from "./left-behind.js";

const BATCH = 64;
const RING = 256;
/** Half the ring of a veth: so many never find it full. */
const IN_FLIGHT = 128;
const { consumer } = chooseCpus();
const ONE_CPU = { injector: consumer, consumer };
const DRAIN_MS = 100;

const names = sendPaths.map(({ name }) => name);
/** These bind to a queue. A socket's packets go by the queue that the kernel's hash of their flow chooses: nobody can choose wrongly. */
const BOUND: readonly SendPathName[] = ["netmap-transmit", "xdp-transmit"];
/**
 * These have a ring of their own, and how many packets it holds. The requests of an io_uring are all taken by the call that hands them
 * over; a socket's buffer holds nothing, since a veth takes each skb at once and gives it up when it is the other end's.
 */
const RINGS: readonly (readonly [SendPathName, number])[] = [
  ["packet-mmap-send", RING],
  ["netmap-transmit", RING - 1],
  ["xdp-transmit", RING],
];
/** Where a far end by AF_XDP counts what it has no room for: either ring may be empty first. */
const FAR_RINGS = /^(no frame in the fill ring|rx ring full)$/;

let before: Held;
beforeEach(() => {
  before = held();
});
afterEach(async () => {
  expect(await heldInTheEnd(before)).toEqual(before);
});

async function onStage<T>(spec: SendStageSpec, run: (stage: SendStage) => Promise<T>): Promise<T> {
  const stage = await SendStage.open({ options: { batch: BATCH }, to: "xdp-need-wakeup", ...spec });
  try {
    return await run(stage);
  } finally {
    await stage.close();
  }
}

/** Packets were lost, each of them at a hop that has this name; or in the wire's own ring, which may be full before. */
function expectLostAt(sent: number, { taken, losses }: Pick<SendRun, "taken" | "losses">, hop: RegExp): void {
  const told = JSON.stringify({ sent, taken, losses });
  expect(losses.reduce((sum, { packets }) => sum + packets, 0) + taken.packets, told).toBe(sent);
  const behindTheWire = losses.filter((loss) => loss.hop !== "ring of the far end full");
  expect(behindTheWire, told).not.toEqual([]);
  for (const loss of behindTheWire) {
    expect(loss.hop).toMatch(hop);
    expect(loss.next).not.toBe("");
  }
}

describe("of two queues", () => {
  test.each(names)("%s uses one, and its packets arrive", async (path) => {
    const run = await onStage({ path, queues: 2, to: "xdp-drop" }, (stage) =>
      stage.run({ packets: 2048, inFlight: IN_FLIGHT }),
    );
    expect(run).toMatchObject({ sent: 2048, received: 2048, unaccounted: 0, losses: [] });
  });

  test.each(BOUND)(
    "%s on the one that the far end does not read loses all, by the name of that hop",
    async (path) => {
      const run = await onStage({ path, queues: 2, queue: 1 }, (stage) => stage.run({ packets: 1024 }));
      expect(run.received).toBe(0);
      expectLostAt(1024, run, /^no socket on its queue: gone to the stack$/);
    },
  );

  test.each(BOUND)("%s cannot be opened on a third", async (path) => {
    await expect(SendStage.open({ path, queues: 2, queue: 2 })).rejects.toThrow(/has no queue 2/);
  });
});

describe("a full ring", () => {
  test.each(RINGS)("of %s makes it wait, and nothing is lost", async (path, most) => {
    const options = { batch: most, ringSize: RING };
    const run = await onStage({ path, options, to: "xdp-drop" }, (stage) =>
      stage.run({ packets: 20 * most, inFlight: RING }),
    );
    expect(run).toMatchObject({ sent: 20 * most, unaccounted: 0 });
  });

  test.each(RINGS)("of %s that could never hold a batch is refused by name", async (path, most) => {
    const options = { batch: most + 1, ringSize: RING };
    await expect(SendStage.open({ path, options })).rejects.toThrow(
      `Cannot send ${most + 1} packets at once through a ring that holds ${most}: it would never have room -> `,
    );
  });

  test.each(names)("of the wire drops what %s sends at once, and each packet is counted", async (path) => {
    const options = { batch: 1024, ringSize: 2048 };
    const run = await onStage({ path, options, to: "xdp-drop" }, (stage) => stage.run({ packets: 16_384 }));
    expect(run).toMatchObject({ sent: 16_384, unaccounted: 0 });
    for (const { hop } of run.losses) expect(hop).toBe("ring of the far end full");
  });
});

describe("a consumer", () => {
  test.each(names)("that does not look costs %s a counted number of packets", async (path) => {
    await onStage({ path, options: { batch: BATCH, ringSize: RING } }, async (stage) => {
      const far = stage.far as ConsumerThread;
      await far.beginHeld({ first: 0, startNs: 0, intervalNs: 0 });
      const sent = await stage.send({ packets: 4096 });
      far.drain(2 ** 31 - 1, DRAIN_MS);
      const outcome = await stage.finish(sent);
      expect(outcome.taken.packets).toBeGreaterThanOrEqual(RING / 2);
      expect(outcome.taken.packets).toBeLessThanOrEqual(2 * RING);
      expectLostAt(sent, outcome, FAR_RINGS);
    });
  });

  test.each(names)(
    "that is too slow for %s loses a counted number, and receives the rest in order",
    async (path) => {
      const options = { batch: BATCH, ringSize: RING };
      // On the sender's CPU: it has its turns, and not enough of them.
      const run = await onStage({ path, options, frameBytes: 1514, cpus: ONE_CPU }, (stage) =>
        stage.run({ packets: 60_000 }),
      );
      expect(run.received).toBeGreaterThan(RING);
      expect(run.taken.behind).toBe(0);
      expectLostAt(60_000, run, FAR_RINGS);
    },
  );

  test.each(names)("that is killed while %s sends gives a named error, soon", async (path) => {
    await onStage({ path }, async (stage) => {
      const running = stage.run({ seconds: 20, ratePps: 10_000 });
      running.catch(() => undefined);
      while (stage.far.received() === 0) await nextTurn();
      await (stage.far as ConsumerThread).kill();
      await expect(running).rejects.toThrow(/^Cannot receive by .*: its thread has ended -> open it again$/);
    });
  });
});
