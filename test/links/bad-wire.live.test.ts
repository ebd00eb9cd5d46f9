// Our TCP and Linux's over a wire that is bad for real. RINGSIDE_LOSS_MIB makes the streams longer.

import { BadWire, openStackOn } from "ringside/links";
import { expect, onTestFinished, test } from "vitest";
import { transfer } from "./transfer.js";

const KIB = process.env.RINGSIDE_LOSS_MIB === undefined ? 1024 : Number(process.env.RINGSIDE_LOSS_MIB) * 1024;
const FAST = { minRtoMs: 10, initialRtoMs: 100 };

function badWire(): BadWire {
  const wire = new BadWire(7);
  onTestFinished(() => wire.close());
  // A timeout of 200 ms for every lost retransmission would be most of the test.
  wire.testbed.inside("a", "ip", "route", "change", "10.0.0.0/24", "dev", "veth-a", "rto_min", "10ms");
  return wire;
}

test("a wire without faults loses nothing", { timeout: 60_000 }, async () => {
  const wire = badWire();
  const { stack } = openStackOn(wire.testbed);
  const done = await transfer(wire.testbed, stack, {
    opener: "ours",
    sender: "ours",
    bytes: 1 << 20,
    limitMs: 50_000,
  });
  expect(done.ours).toBe(done.kernel);
  expect(stack.counters.retransmitted).toBe(0);
  expect(wire.tally("bToA")).toMatchObject({ lost: 0, duplicated: 0, corrupted: 0, reordered: 0 });
});

test("loses each n-th frame, and bursts", { timeout: 60_000 }, async () => {
  const wire = badWire();
  wire.set({ every: 10 }, "bToA");
  const { stack } = openStackOn(wire.testbed, { tcp: FAST });
  const done = await transfer(wire.testbed, stack, {
    opener: "ours",
    sender: "ours",
    bytes: 1 << 19,
    limitMs: 50_000,
  });
  expect(done.ours).toBe(done.kernel);
  const { seen, lost } = wire.tally("bToA");
  expect(lost).toBe(Math.floor(seen / 10));
  expect(stack.counters.retransmitted).toBeGreaterThanOrEqual(lost - 5);
  wire.set({ loss: 0.01, burst: 5 }, "bToA");
  const again = await transfer(wire.testbed, stack, {
    opener: "kernel",
    sender: "ours",
    bytes: 1 << 20,
    limitMs: 50_000,
  });
  expect(again.ours).toBe(again.kernel);
  expect(wire.tally("bToA").lost - lost).toBeGreaterThan(5);
});

for (const loss of [0.01, 0.05, 0.2]) {
  test.each(["ours", "kernel"] as const)(
    `%s sends through loss of ${loss}, and reordering, duplicates and flipped bits`,
    { timeout: 1_200_000 },
    async (sender) => {
      const wire = badWire();
      wire.set({ loss, reorder: 0.02, duplicate: 0.01, corrupt: 0.002 });
      const { stack } = openStackOn(wire.testbed, { tcp: FAST });
      const bytes = (loss === 0.2 ? KIB / 4 : KIB) * 1024;
      const done = await transfer(wire.testbed, stack, { opener: sender, sender, bytes, limitMs: 1_000_000 });
      if (process.env.RINGSIDE_LOSS_MIB)
        console.log(
          sender,
          loss,
          bytes / 2 ** 20 / done.seconds,
          "MiB/s",
          wire.tally("aToB"),
          wire.tally("bToA"),
          stack.counters.dropped(),
        );
      expect(done.ours).toBe(done.kernel);
      expect(wire.tally("aToB").lost + wire.tally("bToA").lost).toBeGreaterThan(0);
    },
  );
}
