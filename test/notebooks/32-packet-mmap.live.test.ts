// The facts that notebook 32 tells: counts and orderings, never times.
import { measure, outcomeOf, predict } from "ringside/measure";
import { Testbed, twoHosts } from "ringside/net";
import { snapshotBlocks } from "ringside/ring";
import { inNamespace, openPacketReceiver } from "ringside/sys";
import { expect, test } from "vitest";
import { workInScratch } from "../scratch.js";

workInScratch("32");

test("takes under one call per 100 packets, and an skb for each, beside a path with all calls and one with no skb", async () => {
  const { ways, atWork } = outcomeOf(
    await measure.packetMmapEvents({ guess: predict(0, "calls"), packets: 16_384 }),
  );
  expect(ways).toMatchObject([
    { path: "packet-recvmsg", received: 16_384, receiving: 16_384, skbs: 16_384, uncounted: 0 },
    { path: "packet-mmap", received: 16_384, receiving: 0, skbs: 16_384, uncounted: 0 },
    { path: "xdp-need-wakeup", received: 16_384, receiving: 0, skbs: 0, uncounted: 0 },
  ]);
  expect(atWork.offered).toBe(16_384);
  expect(atWork.received + atWork.losses.reduce((sum, { packets }) => sum + packets, 0)).toBe(16_384);
  expect(atWork.receiving).toBeGreaterThan(0);
  expect(atWork.receiving).toBeLessThan(atWork.received / 100);
});

test("refuses a number of packets that is no multiple of a burst", async () => {
  await expect(measure.packetMmapEvents({ guess: predict(0, "calls"), packets: 100 })).rejects.toThrow(
    "Cannot count the events of 100 packets: they come 512 at a time -> try 65536",
  );
});

test("fills a block with 28 packets of 60 bytes, and hands the rest over when its time is over", () => {
  const testbed = Testbed.create(twoHosts());
  try {
    const injector = testbed.injector("a");
    const tap = testbed.own(
      inNamespace(testbed.path("b"), () =>
        openPacketReceiver({ interfaceName: "veth-b", blockBytes: 4096, blocks: 8, retireMs: 60 }),
      ),
    );
    injector.injectNow(70);
    const { bytes, spec } = tap.ring;
    const deadline = performance.now() + 2000;
    while (snapshotBlocks(bytes, spec)[2]!.owner === "kernel" && performance.now() < deadline) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
    expect(snapshotBlocks(bytes, spec).slice(0, 4)).toMatchObject([
      { owner: "us", packets: 28, because: "it was full" },
      { owner: "us", packets: 28, because: "it was full" },
      { owner: "us", packets: 14, because: "its time was over" },
      { owner: "kernel" },
    ]);
  } finally {
    testbed.close();
  }
});
