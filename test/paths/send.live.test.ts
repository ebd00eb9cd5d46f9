// What must hold for every way out of a program, and what is known of each: counted, not timed.
import { setImmediate as nextTurn } from "node:timers/promises";
import {
  countSendEvents,
  IMIX_FRAME_BYTES,
  type SendEvents,
  type SendPathName,
  SendStage,
  type SendStageSpec,
  sendPathOf,
  sendPaths,
} from "ringside/paths";
import { expect, test } from "vitest";

const PACKETS = 100_000;
/** The next multiple of a burst of 128. */
const COUNTED = 784 * 128;
const BATCH = 64;
/** Half the ring of a veth: so many never find it full. */
const IN_FLIGHT = 128;
/** Most packets that one poll of an interface handles. @source include/linux/netdevice.h, NAPI_POLL_WEIGHT, v6.18 */
const NAPI_BUDGET = 64;
/** What the kernel takes from an AF_XDP socket in one call. @source net/xdp/xsk.c, TX_BATCH_SIZE, v6.18 */
const XDP_CALL = 32;

async function onStage<T>(spec: SendStageSpec, run: (stage: SendStage) => Promise<T>): Promise<T> {
  const stage = await SendStage.open({ options: { batch: BATCH }, ...spec });
  try {
    return await run(stage);
  } finally {
    await stage.close();
  }
}

test.each(sendPaths.map(({ name }) => name))(
  "%s sends 100 000 packets, each comes once and in order, and none is lost",
  async (path) => {
    const run = await onStage({ path, to: "xdp-need-wakeup" }, (stage) =>
      stage.run({ packets: PACKETS, inFlight: IN_FLIGHT }),
    );
    expect(run).toMatchObject({ sent: PACKETS, received: PACKETS, unaccounted: 0, losses: [] });
    const inOrder = { missing: 0, behind: 0, foreign: 0, sum: (PACKETS * (PACKETS - 1)) / 2 };
    expect(run.taken).toMatchObject({ bytes: PACKETS * 60, ...inOrder });
  },
);

test.each(sendPaths.filter(({ openTwin }) => openTwin).map(({ name }) => name))(
  "%s with its loop in C sends the same packets in the same order, by the same calls",
  async (path) => {
    const run = await onStage({ path, language: "c", to: "xdp-need-wakeup" }, (stage) =>
      stage.run({ packets: COUNTED, inFlight: IN_FLIGHT }),
    );
    expect(run).toMatchObject({ sent: COUNTED, received: COUNTED, unaccounted: 0, losses: [] });
    const inOrder = { missing: 0, behind: 0, foreign: 0, sum: (COUNTED * (COUNTED - 1)) / 2 };
    expect(run.taken).toMatchObject({ bytes: COUNTED * 60, ...inOrder });
    const events = await onStage({ path, language: "c" }, (stage) => countSendEvents(stage, COUNTED));
    expect(events.syscalls).toEqual(CALLS[path]);
  },
);

test("node:dgram has no loop of ours, so none in C", async () => {
  await expect(SendStage.open({ path: "node-dgram-send", language: "c" })).rejects.toThrow(
    /a twin in kernels\/native/,
  );
});

const CALLS: Record<SendPathName, SendEvents["syscalls"]> = {
  "node-dgram-send": { sendmsg: COUNTED },
  "udp-sendmsg": { sendmsg: COUNTED },
  "udp-sendmmsg": { sendmmsg: COUNTED / BATCH },
  "io-uring-send": { io_uring_enter: COUNTED / BATCH },
  "packet-sendmsg": { sendmsg: COUNTED },
  "packet-mmap-send": { sendto: COUNTED / BATCH },
  "netmap-transmit": { sendto: COUNTED / XDP_CALL },
  "xdp-transmit": { sendto: COUNTED / XDP_CALL },
};

test.each(Object.entries(CALLS))(
  "%s makes as many system calls as is known of it, and two skbs a packet",
  async (path, syscalls) => {
    const events = await onStage({ path: path as SendPathName }, (stage) => countSendEvents(stage, COUNTED));
    expect(events).toMatchObject({ packets: COUNTED, received: COUNTED, syscalls, uncounted: 0 });
    expect(events.skbs).toBe(2 * COUNTED); // its own, and the one that native XDP at the far end wants instead
    expect(events.napi.work).toBe(COUNTED);
    expect(events.napi.polls).toBeGreaterThanOrEqual(COUNTED / NAPI_BUDGET);
    expect(events.napi.polls).toBeLessThanOrEqual(COUNTED);
    expect(events.switches.voluntary).toBeGreaterThanOrEqual(0);
  },
);

test("sends frames of any size that Ethernet has, by a socket and by a ring", async () => {
  for (const path of ["udp-sendmmsg", "xdp-transmit"] as const) {
    for (const frameBytes of [60, 590, 1514]) {
      const run = await onStage({ path, frameBytes, to: "xdp-need-wakeup" }, (stage) =>
        stage.run({ packets: 1024, inFlight: IN_FLIGHT }),
      );
      expect(run).toMatchObject({ received: 1024, taken: { bytes: 1024 * frameBytes, missing: 0 } });
    }
  }
});

test.each(sendPaths.map(({ name }) => name))(
  "%s sends the Internet's mix of sizes, each packet in its own length, with headers that say so",
  async (path) => {
    const packets = 12 * 256;
    const dozen = IMIX_FRAME_BYTES.reduce((sum, bytes) => sum + bytes, 0);
    // The ring tells the frame's length; the stack lets pass only what its headers and their checksum bear out.
    for (const to of ["xdp-need-wakeup", "udp-recvmmsg"] as const) {
      const run = await onStage({ path, to, imix: true }, (stage) =>
        stage.run({ packets, inFlight: IN_FLIGHT }),
      );
      expect(run).toMatchObject({ sent: packets, received: packets, unaccounted: 0, losses: [] });
      expect(run.taken).toMatchObject({ bytes: 256 * dozen, missing: 0, behind: 0, foreign: 0 });
    }
  },
);

test.each(sendPaths.map(({ name }) => name))(
  "%s gives a named error, soon, where the wire is removed under it",
  async (path) => {
    await onStage({ path }, async (stage) => {
      const running = stage.run({ seconds: 20, inFlight: IN_FLIGHT });
      running.catch(() => undefined);
      while (stage.far.received() === 0) await nextTurn();
      stage.testbed.inside("b", "ip", "link", "del", "veth-b");
      await expect(running).rejects.toMatchObject({ code: expect.stringMatching(/^(ENXIO|ENETUNREACH)$/) });
    });
  },
);

test("accounts for each packet of batches that are larger than the wire's ring", async () => {
  const run = await onStage({ path: "udp-sendmmsg", options: { batch: 1024 } }, (stage) =>
    stage.run({ packets: 32_768 }),
  );
  expect(run).toMatchObject({ sent: 32_768, unaccounted: 0 });
});

test("keeps a set rate from one socket to another, with each packet's latency from the time it was due", async () => {
  const ratePps = 5000;
  const spec = { path: "udp-sendmmsg", to: "udp-recvmmsg", paced: true } as const;
  const run = await onStage(spec, (stage) => stage.run({ packets: 2500, ratePps }));
  expect(run).toMatchObject({ sent: 2500, received: 2500, unaccounted: 0, losses: [] });
  expect(run.taken).toMatchObject({ missing: 0, behind: 0 });
  expect(run.seconds).toBeGreaterThan(2499 / ratePps);
  expect(run.latencies.reduce((sum, { count }) => sum + count, 0)).toBe(2500);
});

test("says which sending paths there are", () => {
  expect(() => sendPathOf("pigeon" as SendPathName)).toThrow(
    /Cannot find sending path pigeon -> there are node-dgram-send, /,
  );
});
