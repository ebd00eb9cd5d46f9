import { driveStack, type LiveStack, type LiveStackSpec, openLiveStack } from "ringside/links";
import { describe, expect, onTestFinished, test } from "vitest";

function live(spec: LiveStackSpec = {}): LiveStack {
  const opened = openLiveStack(spec);
  onTestFinished(() => opened.close());
  return opened;
}

describe.each([
  { over: "afXdp", busyPoll: false, address: "10.0.0.2" },
  { over: "afXdp", busyPoll: true, address: "10.0.0.2" },
  { over: "packetMmap", busyPoll: false, address: "10.0.0.9" },
] as const)("our stack over $over, busy polling $busyPoll", (spec) => {
  test("answers ARP and the kernel's own ping", async () => {
    const { testbed, stack } = live(spec);
    testbed.inside("a", "ip", "neigh", "flush", "all");
    testbed.inside("a", "ip", "neigh", "del", "10.0.0.2", "dev", "veth-a");
    const ping = testbed.spawn(
      "a",
      "ping",
      "-n",
      "-c",
      "20",
      "-i",
      "0.01",
      "-W",
      "2",
      "-s",
      "1400",
      spec.address,
    );
    let output = "";
    let ended = false;
    ping.stdout!.on("data", (text) => (output += text));
    ping.on("close", () => (ended = true));
    expect(await driveStack(stack, () => ended, 20_000)).toBe(true);
    expect(output).toContain("20 packets transmitted, 20 received");
    expect(stack.counters.drops.ipChecksum + stack.counters.drops.icmpChecksum).toBe(0);
  });
});
