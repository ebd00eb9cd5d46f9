// Our TCP and Linux's, both ways round. RINGSIDE_STREAM_MIB makes the streams longer.

import { openLiveStack } from "ringside/links";
import { expect, onTestFinished, test } from "vitest";
import { transfer } from "./transfer.js";

const MIB = Number(process.env.RINGSIDE_STREAM_MIB ?? 16);

test.each([
  { opener: "ours", sender: "ours" },
  { opener: "kernel", sender: "ours" },
  { opener: "ours", sender: "kernel" },
  { opener: "kernel", sender: "kernel" },
] as const)(
  "$sender sends what $opener opened, and every byte arrives",
  { timeout: 600_000 },
  async (who) => {
    const { testbed, stack, close } = openLiveStack();
    onTestFinished(close);
    const done = await transfer(testbed, stack, { ...who, bytes: MIB << 20, limitMs: 500_000 });
    if (process.env.RINGSIDE_STREAM_MIB) console.log(who, MIB / done.seconds, "MiB/s", stack.counters);
    expect(done.ours).toBe(done.kernel);
    expect(Number(done.ours.split(" ")[0])).toBe(MIB << 20);
    expect(stack.counters.drops).toMatchObject({ tcpChecksum: 0, ipChecksum: 0, tcpMalformed: 0 });
  },
);

test.each(["ours", "kernel"] as const)(
  "%s sends over PACKET_MMAP, where what comes is merged and without checksums, and every byte arrives",
  { timeout: 600_000 },
  async (sender) => {
    const { testbed, stack, close } = openLiveStack({ over: "packetMmap", address: "10.0.0.9" });
    onTestFinished(close);
    const opener = sender === "ours" ? "kernel" : "ours";
    const done = await transfer(testbed, stack, { opener, sender, bytes: MIB << 20, limitMs: 500_000 });
    if (process.env.RINGSIDE_STREAM_MIB) console.log(sender, MIB / done.seconds, "MiB/s", stack.counters);
    expect(done.ours).toBe(done.kernel);
    expect(Number(done.ours.split(" ")[0])).toBe(MIB << 20);
    expect(stack.counters.drops).toMatchObject({ tcpChecksum: 0, ipChecksum: 0, tcpMalformed: 0 });
  },
);
