// What must hold for every path, and what is known of each: counted, not timed.
import {
  chooseCpus,
  countEvents,
  countEventsUnderLoad,
  type Events,
  IMIX_FRAME_BYTES,
  type Language,
  type PathName,
  paths,
  type Run,
  Stage,
  type StageSpec,
} from "ringside/paths";
import { describe, expect, test } from "vitest";

const PACKETS = 100_000;
/** The same in bursts that wait for the path, and what fills the last one. */
const BURST = 512;
const COUNTED = 196 * BURST;
const BATCH = 64;

async function onStage<T>(
  path: PathName,
  run: (stage: Stage) => Promise<T>,
  more: Partial<StageSpec> = {},
): Promise<T> {
  const stage = await Stage.open({ path, options: { batch: BATCH }, ...more });
  try {
    await stage.assertDelivery();
    return await run(stage);
  } finally {
    await stage.close();
  }
}

/** What the numbers of the packets come to: each one, once, after the one before it. */
const IN_ORDER = { missing: 0, behind: 0, sum: (PACKETS * (PACKETS - 1)) / 2 };

const overTheWire = paths.filter(({ load }) => load === "frames");

describe.each(overTheWire.map((path) => ({ path, title: path.title })))("$title", ({ path }) => {
  test("receives 100 000 packets, each once and in order, and loses none", async () => {
    const leadsBack = path.ends === "thread" && path.leadsBack === true;
    // On a paced stage a program that ends packets in the kernel, or counts those that come back, reads their numbers.
    const paced = path.ends === "elsewhere" || leadsBack;
    const run = await onStage(path.name, (stage) => stage.run({ frames: PACKETS, inFlight: 512 }), { paced });
    expect(run).toMatchObject({ offered: PACKETS, received: PACKETS, unaccounted: 0, losses: [] });
    expect(run.cpus.helper === null).toBe(path.name !== "io-uring-sqpoll");
    if (/^xdp-(drop|pass|tx|redirect)/.test(path.name)) expect(run.cpus.consumer).toBeNull();
    else expect(run.cpus.consumer).toBe(chooseCpus().consumer);
    expect(run.taken.bytes).toBe(PACKETS * 60);
    expect(run.returned).toBe(leadsBack ? PACKETS : null);
    expect(run.returnedNumbers).toEqual(leadsBack ? IN_ORDER : null);
    // What testpmd frees it shows to nobody.
    if (path.name !== "dpdk-af-packet" && path.name !== "dpdk-af-xdp")
      expect(run.taken).toMatchObject(IN_ORDER);
  });

  test("has a name for the hop that lost each packet that does not come at the maximum load", async () => {
    const run = await onStage(path.name, (stage) =>
      stage.run({ seconds: 0.3, ratePps: Number.POSITIVE_INFINITY }),
    );
    expect(run.offered).toBeGreaterThan(PACKETS / 4);
    expect(run.received).toBeGreaterThan(0);
    expect(run.unaccounted).toBe(0);
  });
});

const twins = paths.filter((path) => path.ends !== "elsewhere" && path.openTwin !== undefined);

describe.each(twins.map((path) => ({ path, title: path.title })))("the twin in C of $title", ({ path }) => {
  test.each(["nothing", "bytes"] as const)("takes what TypeScript takes, touching %s", async (touch) => {
    const frames = 16_384;
    const taken = (language: Language): Promise<Run> =>
      onStage(path.name, (stage) => stage.run({ frames, inFlight: 512 }), { touch, language });
    const typescript = await taken("typescript");
    const c = await taken("c");
    expect(c.taken).toEqual(typescript.taken);
    expect(c).toMatchObject({ received: frames, unaccounted: 0, losses: [], returned: typescript.returned });
    expect(c.returned).toBe(path.ends === "thread" && path.leadsBack ? frames : null);
  });
});

/**
 * A multishot receive hands over a packet and 32 more before others get their turn, whatever the batch, and goes on counting where a
 * burst ended. Each turn is a call; so is the rest of a burst, unless its last packet ended a turn.
 *
 * @source io_uring/net.c, io_recv_finish and MULTISHOT_MAX_RETRY, v6.18
 */
function multishotCalls(): number {
  const perTurn = 33;
  const probes = 16; // of `assertDelivery`
  let calls = 0;
  for (let received = probes; received < probes + COUNTED; received += BURST) {
    calls += Math.ceil(((received % perTurn) + BURST) / perTurn);
  }
  return calls;
}

/** What is known of a path that receives 100 352 packets which wait for it, 64 at a time. */
const KNOWN: Partial<
  Record<PathName, Partial<Pick<Events, "receiving">> & Pick<Events, "skbs"> & { readonly calls: object }>
> = {
  "node-dgram": { skbs: COUNTED, calls: { recvmsg: COUNTED } },
  "udp-recvmsg": { receiving: COUNTED, skbs: COUNTED, calls: { recvmsg: COUNTED } },
  "udp-recvmmsg": { receiving: COUNTED / BATCH, skbs: COUNTED, calls: { recvmmsg: COUNTED / BATCH } },
  "io-uring-multishot": { skbs: COUNTED, calls: { io_uring_enter: multishotCalls() } },
  "io-uring-sqpoll": { receiving: 0, skbs: COUNTED, calls: {} },
  "packet-mmap": { receiving: 0, skbs: COUNTED, calls: {} },
  "packet-recvmsg": { receiving: COUNTED, skbs: COUNTED, calls: { recvmsg: COUNTED } },
  "xdp-poll": { receiving: COUNTED / BATCH, skbs: 0, calls: { poll: COUNTED / BATCH } },
  "xdp-need-wakeup": { receiving: 0, skbs: 0, calls: {} },
  "xdp-busy-poll": { receiving: 0, skbs: 0, calls: {} },
  "xdp-need-wakeup-generic": { receiving: 0, skbs: COUNTED, calls: {} },
  "netmap-port": { receiving: 0, skbs: 0, calls: {} },
  // The kernel takes 32 frames from an AF_XDP socket in one call; the skbs that it sends them in enter no stack.
  "xdp-forward": { receiving: 0, skbs: 0, calls: { sendto: COUNTED / 32 } },
  "netmap-forward": { receiving: 0, skbs: 0, calls: { sendto: COUNTED / 32 } },
  "dpdk-af-packet": { receiving: 0, skbs: COUNTED, calls: {} },
  // Its thread spins, and its driver calls the kernel whenever the ring is empty: how often that is, is the machine's affair.
  "dpdk-af-xdp": { skbs: 0, calls: { recvfrom: expect.any(Number) } },
  // Its look at the ring is no call, and one sends a burst; how many packets a burst has, is a matter of when it looks.
  "dpdk-af-packet-forward": { receiving: 0, skbs: COUNTED, calls: { sendto: expect.any(Number) } },
  "dpdk-forward": { skbs: 0, calls: { recvfrom: expect.any(Number), sendto: COUNTED / 32 } },
};

describe("counted exactly", () => {
  test.each(Object.entries(KNOWN))(
    "%s makes as many system calls and skbs as is known of it",
    async (name, known) => {
      const events = await onStage(name as PathName, (stage) => countEvents(stage, COUNTED));
      const { calls, ...totals } = known;
      expect(events).toMatchObject({ packets: COUNTED, received: COUNTED, uncounted: 0, ...totals });
      expect(events.syscalls).toMatchObject(calls);
      expect(events.switches).not.toBeNull();
      expect(events.napi.work).toBe(COUNTED);
    },
  );
});

describe("under a running load, while the consumer is busy", () => {
  const RATE_PPS = 100_000;
  // Busy-poll is not among them: it asks the kernel to poll whenever its ring is empty, which is its way of being busy.
  const IN_MEMORY = ["io-uring-sqpoll", "packet-mmap", "xdp-need-wakeup", "netmap-port"] as const;

  test.each(IN_MEMORY.flatMap((path) => [[path, "typescript"] as const, [path, "c"] as const]))(
    "%s (%s) finds each packet in memory, and asks the kernel for none",
    async (path, language) => {
      await onStage(
        path,
        async (stage) => {
          const [looks, startMs] = [stage.far.emptyLooks()!, performance.now()];
          const events = await countEventsUnderLoad(stage, COUNTED, RATE_PPS);
          expect(events).toMatchObject({ packets: COUNTED, received: COUNTED, uncounted: 0, receiving: 0 });
          expect(events.skbs).toBe(path.startsWith("xdp") || path.startsWith("netmap") ? 0 : COUNTED);
          // It was a running load: packets came over all of their time, and the consumer was ahead of them again and again.
          expect(performance.now() - startMs).toBeGreaterThan((COUNTED / RATE_PPS) * 1000);
          expect(stage.far.emptyLooks()! - looks).toBeGreaterThan(COUNTED / BURST);
        },
        { language },
      );
    },
  );

  test("a path that asks for each packet asks for them here, too: the counter of calls is not blind", async () => {
    const events = await onStage("udp-recvmsg", (stage) => countEventsUnderLoad(stage, COUNTED, RATE_PPS));
    expect(events.received).toBe(COUNTED);
    expect(events.syscalls!.recvmsg).toBeGreaterThanOrEqual(COUNTED);
  });

  test("there is nobody to keep busy where no thread of ours takes the packets", async () => {
    await expect(
      onStage("xdp-drop", async (stage) => countEventsUnderLoad(stage, 512, RATE_PPS)),
    ).rejects.toThrow(/^Cannot keep XDP_DROP busy: no thread of ours takes its packets -> /);
  });
});

describe("DPDK without a wire", () => {
  test("counts what its loop took by itself, while nothing was injected and nothing could be lost", async () => {
    const run = await onStage("dpdk-null", (stage) => stage.run({ seconds: 0.1 }));
    expect(run.received).toBeGreaterThan(PACKETS);
    expect(run).toMatchObject({ offered: run.received, losses: [], unaccounted: 0, returned: null });
    expect(run.taken).toMatchObject({ bytes: 0, sum: 0, byteSum: 0 }); // there are none, and nobody read any
  });

  test.each([{ frames: 1000 }, { seconds: 0.1, ratePps: 1000 }, { seconds: 0.1, inFlight: 64 }])(
    "refuses the load %o, which only a wire could carry",
    async (load) => {
      await expect(onStage("dpdk-null", (stage) => stage.run(load))).rejects.toThrow(
        /^Cannot offer .* to DPDK testpmd, no wire: it makes its packets itself.* -> give seconds/,
      );
    },
  );
});

test("the CPU time of DPDK's thread is charged to the path, and never more than there was", async () => {
  const run = await onStage("dpdk-af-packet", (stage) => stage.run({ seconds: 0.2, ratePps: 20_000 }));
  expect(run.cpuNs.consumer).toBeGreaterThan(0);
  expect(run.cpuNs.consumer).toBeLessThan((run.seconds + 1) * 1e9);
});

test("a rate is taken of what came, also where another process must be asked for it", async () => {
  // One call of the injector: nobody has had a turn to ask in the meantime.
  const run = await onStage("dpdk-af-packet", (stage) =>
    stage.run({ seconds: 0.01, ratePps: Number.POSITIVE_INFINITY }),
  );
  expect(run.received).toBeGreaterThan(0);
  expect(run.receivedPps).toBeGreaterThan(0);
});

test.each(["xdp-need-wakeup", "packet-mmap", "udp-recvmmsg"] as const)(
  "%s receives the Internet's mix of sizes, each packet in its own length",
  async (path) => {
    const frames = 12 * 1000;
    const run = await onStage(path, (stage) => stage.run({ frames, inFlight: 256 }), { imix: true });
    expect(run).toMatchObject({ offered: frames, received: frames, unaccounted: 0, losses: [] });
    const dozen = IMIX_FRAME_BYTES.reduce((sum, bytes) => sum + bytes, 0);
    expect(run.taken).toMatchObject({ bytes: 1000 * dozen, missing: 0, behind: 0, foreign: 0 });
  },
);
