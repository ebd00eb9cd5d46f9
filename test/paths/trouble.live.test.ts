// What goes wrong on purpose, for every path: each trouble is a counted drop with a hop's name or a named error; nothing hangs,
// nothing is left. `troubles.ts` says which path can meet which trouble.
import { fork } from "node:child_process";
import { once } from "node:events";
import { SysError } from "ringside/base";
import { removeTestbedsOf, Testbed, twoHosts } from "ringside/net";
import {
  ConsumerThread,
  chooseCpus,
  type PathName,
  pathOf,
  paths,
  Stage,
  type StageSpec,
} from "ringside/paths";
import { allowedCpus } from "ringside/sys";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { bpfIdsOf, isRunning, namedAfter, remaining, until } from "../net/leftovers.js";
import { type Held, held, heldInTheEnd, openAndMapped, processesOf, queueThreads } from "./left-behind.js";
import {
  haltProcesses,
  haltThreads,
  type Outcome,
  offerWhileHalted,
  onStage,
  receiving,
  underWay,
} from "./mishaps.js";
import { type Answer, TROUBLES, type Troubles } from "./troubles.js";

const BURST = 60_000;
const RING = 256;
const OTHER_QUEUE = 1 - (allowedCpus()[0]! % 2);
const { injector, consumer } = chooseCpus();
const ONE_CPU = { injector: consumer, consumer };

let before: Held;
beforeEach(() => {
  before = held();
});
afterEach(async () => {
  expect(await heldInTheEnd(before)).toEqual(before);
});

const all = paths.map(({ name }) => name);
/** Those whose packets come over a wire; the other one's answers are all the same. */
const names = all.filter((name) => pathOf(name).load === "frames");
const having = (has: (troubles: Troubles) => boolean): PathName[] =>
  all.filter((name) => has(TROUBLES[name]));
const answers = (to: "wrongQueue" | "ringFull" | "slow"): [PathName, Answer][] =>
  names.map((name) => [name, TROUBLES[name][to]]);

/** All that is missing was counted, at the hop that the table names; or nothing is missing but what never left the wire. */
function expectAnswer({ offered, received, losses, unaccounted }: Outcome, answer: Answer): void {
  expect(unaccounted, JSON.stringify({ offered, received, losses })).toBe(0);
  const behindTheWire = losses.filter(({ hop }) => hop !== "ring of the peer full");
  if ("none" in answer) {
    expect(behindTheWire).toEqual([]);
    return;
  }
  expect(behindTheWire).not.toEqual([]);
  for (const { hop, next } of behindTheWire) {
    expect(hop).toMatch(answer.hop);
    expect(next).not.toBe("");
  }
}

describe("of two queues", () => {
  test.each(having(({ wrongQueue }) => "hop" in wrongQueue))(
    "%s receives from the one that the load comes in on, also where the injecting CPU chooses not the first",
    async (path) => {
      const cpus = { injector: consumer, consumer: injector };
      const run = await onStage({ path, cpus, queues: 2 }, (stage) =>
        stage.run({ frames: 2000, inFlight: 512 }),
      );
      expect(run).toMatchObject({ received: 2000, losses: [], unaccounted: 0 });
    },
  );

  test.each(answers("wrongQueue"))(
    "%s receives nothing when it looks at the other one, or takes what comes in on either",
    async (path, answer) => {
      const run = await onStage({ path, queues: 2, queue: OTHER_QUEUE }, (stage) =>
        stage.run({ frames: 1000, inFlight: 1000 }),
      );
      expectAnswer(run, answer);
      expect(run.received).toBe("none" in answer ? 1000 : 0);
    },
  );

  test("none is a third: it is refused by name, and a probe says which to bind to", async () => {
    const spec: StageSpec = { path: "xdp-need-wakeup", queues: 2, queue: 2 };
    await expect(Stage.open(spec)).rejects.toThrow(/has no queue 2/);
    await expect(onStage({ ...spec, queue: OTHER_QUEUE }, (stage) => stage.assertDelivery())).rejects.toThrow(
      /0 of 16 probe packets came, no socket on its queue.*-> bind to the queue/,
    );
  });
});

describe("a consumer that does not look", () => {
  test.each(answers("ringFull"))(
    "loses by %s what its ring cannot hold, counted at that hop",
    async (path, answer) => {
      const others = queueThreads();
      const isQueue = path.startsWith("xdp-cpumap");
      const spec: StageSpec = { path, options: { ringSize: RING }, ...(isQueue && { cpus: ONE_CPU }) };
      await onStage(spec, async (stage) => {
        const threads = queueThreads().filter((pid) => !others.includes(pid));
        const halt = isQueue ? haltThreads(threads) : haltProcesses(processesOf(stage, "b"));
        // The queue to a CPU holds 16 384. Its thread has 15 parts of time to the injector's 1024 (nice 19 and 0; kernel/sched/core.c,
        // sched_prio_to_weight): to keep up with four bursts it would have to be sixty times as quick as the injector.
        const outcome = await offerWhileHalted(stage, isQueue ? 4 * BURST : BURST, halt);
        expectAnswer(outcome, answer);
        if (!("hop" in answer) || isQueue) return;
        // DPDK rounds its ring by its own rules and goes on for a moment; io_uring's buffers are a second store behind the socket's.
        const isOneStore = TROUBLES[path].consumer === "thread" && !path.startsWith("io-uring");
        const rings = isOneStore ? 2 : 4;
        expect(outcome.received).toBeGreaterThanOrEqual(RING / 2);
        expect(outcome.received).toBeLessThanOrEqual(rings * RING);
      });
    },
  );
});

describe("a consumer that is too slow", () => {
  test.each(answers("slow"))(
    "loses by %s a counted number of packets, and receives the rest in order",
    async (path, answer) => {
      const options = { frameBytes: 1514, ringSize: RING, batch: 8 };
      // What a process does with the bytes is not ours to say: it is slow where it has half of the injecting CPU.
      const cpus = TROUBLES[path].consumer === "process" ? ONE_CPU : chooseCpus();
      const run = await onStage({ path, touch: "bytes", options, cpus }, (stage) =>
        stage.run({ frames: BURST, ratePps: Number.POSITIVE_INFINITY }),
      );
      expectAnswer(run, answer);
      expect(run.received).toBeGreaterThan(RING);
      expect(run.taken.behind).toBe(0);
    },
  );
});

describe("a consumer that is killed", () => {
  test.each(having(({ consumer }) => typeof consumer === "string"))(
    "in the middle of a run by %s gives a named error, soon",
    async (path) => {
      await onStage({ path }, async (stage) => {
        const { far } = stage;
        const hasWire = stage.path.load === "frames";
        const { ended } = await underWay(stage, { seconds: 20, ...(hasWire && { ratePps: 10_000 }) });
        if (far instanceof ConsumerThread) {
          await far.kill();
          await expect(ended).rejects.toThrow(
            /^Cannot receive by .*: its thread has ended -> open it again$/,
          );
        } else {
          for (const pid of processesOf(stage, "b")) process.kill(pid, "SIGKILL");
          await expect(ended).rejects.toThrow(/^Cannot run testpmd .*: it ended with SIGKILL; .* -> /);
        }
      });
    },
  );

  test.each(having(({ consumer }) => consumer === "thread"))(
    "ten times over by %s leaves no descriptor open and nothing of it mapped",
    async (path) => {
      const testbed = Testbed.create(twoHosts());
      const how = receiving(testbed, path);
      const openOneAndKill = async (): Promise<void> => {
        const thread = await ConsumerThread.open(how);
        await thread.begin({ first: 0, startNs: 0, intervalNs: 0 });
        await thread.kill();
        expect(thread.ended.reason).toMatchObject({
          message: expect.stringMatching(/its thread has ended -> open it again$/),
        });
      };
      try {
        await openOneAndKill(); // what a process opens once and keeps
        const once = openAndMapped();
        for (let time = 0; time < 10; time++) await openOneAndKill();
        expect(openAndMapped()).toEqual(once);
      } finally {
        testbed.close();
      }
    },
  );

  test("with its whole process leaves nothing that a reset does not remove, whatever the path", async () => {
    const child = fork(new URL("./child-with-every-path.mjs", import.meta.url), {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    const queues = queueThreads();
    const [{ started }] = (await once(child, "message")) as [{ started: number[] }];
    const pid = child.pid!;
    const programs = bpfIdsOf(pid);
    expect(started).toHaveLength(having(({ consumer }) => consumer === "process").length);
    expect(programs.links.length).toBeGreaterThan(names.length / 2);
    child.kill("SIGKILL");
    await once(child, "exit");
    removeTestbedsOf(pid);
    expect(namedAfter(pid)).toEqual({ namespaces: [], folders: [] });
    expect(started.filter(isRunning)).toEqual([]);
    await until("programs and threads to go", () => {
      const ids = remaining(programs);
      return (
        ids.programs.length + ids.links.length === 0 && queueThreads().every((tid) => queues.includes(tid))
      );
    });
  });
});

/** Its way in is in the lists above; here is its way out. */
describe("the way back of a forwarder", () => {
  const back = names.filter((name) => name.endsWith("-forward"));

  test.each(back)(
    "%s leaves by the queue that it receives from: of two, all comes back by either",
    async (path) => {
      for (const cpus of [
        { injector, consumer },
        { injector: consumer, consumer: injector },
      ]) {
        const run = await onStage({ path, cpus, queues: 2 }, (stage) =>
          stage.run({ frames: 2000, inFlight: 128 }),
        );
        expect(run.returned ?? run.received).toBe(2000);
        expect(run).toMatchObject({ losses: [], unaccounted: 0 });
      }
    },
  );

  test.each(back)(
    "%s never waits for room that its ring cannot have, however large the batch",
    async (path) => {
      // A frame that was taken is its sender's until it has left: half of them may be there, and half on their way.
      const options = { batch: 1024, ringSize: RING };
      const run = await onStage({ path, options }, (stage) =>
        stage.run({ frames: 20_000, inFlight: RING / 2 }),
      );
      expect(run.returned ?? run.received, JSON.stringify(run.losses)).toBe(20_000);
      expect(run).toMatchObject({ losses: [], unaccounted: 0 });
    },
  );

  test.each(back)(
    "%s at overload: what came back and what named hops lost is all that was offered",
    async (path) => {
      const options = { ringSize: RING, batch: 8 };
      const run = await onStage({ path, options }, (stage) =>
        stage.run({ frames: BURST, ratePps: Number.POSITIVE_INFINITY }),
      );
      const lost = run.losses.reduce((sum, { packets }) => sum + packets, 0);
      expect((run.returned ?? run.received) + lost, JSON.stringify(run.losses)).toBe(BURST);
      expect(run.received).toBeGreaterThan(RING);
    },
  );
});

describe("an interface that is removed", () => {
  test.each(names)("under %s gives a named error, and nothing hangs", async (path) => {
    await onStage({ path }, async (stage) => {
      const { ended } = await underWay(stage, { seconds: 0.2, ratePps: 20_000 });
      stage.testbed.inside("b", "ip", "link", "del", "veth-b");
      await expect(ended).rejects.toSatisfy(
        (error) => error instanceof SysError && ["ENODEV", "ENXIO", "ENETDOWN"].includes(error.code),
      );
      await expect(ended).rejects.toThrow(/ -> check that the interface still exists/);
    });
  });
});

describe("a path that cannot be opened", () => {
  test.each<[string, StageSpec, RegExp]>([
    ["a ring that no kernel makes", { path: "xdp-need-wakeup", options: { ringSize: 1000 } }, /ring/],
    ["a frame that no Ethernet carries", { path: "udp-recvmmsg", options: { frameBytes: 10 } }, /10-byte/],
    ["a name of no path", { path: "no-such-path" as PathName }, /Cannot find path no-such-path -> there are/],
  ])("for %s says why, and leaves nothing behind", async (_why, spec, message) => {
    await expect(Stage.open(spec)).rejects.toThrow(message);
  });
});
