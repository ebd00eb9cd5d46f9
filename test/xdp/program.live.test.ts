import { Testbed, twoHosts } from "ringside/net";
import { attachXdp, loadCounter, loadXdp, VERDICTS, verdictCounts } from "ringside/xdp";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

let testbed: Testbed;
beforeEach(() => {
  testbed = Testbed.create(twoHosts());
});
afterEach(() => testbed.close());

describe("an XDP program on a wire", () => {
  test.each(["native", "generic"] as const)(
    "runs in %s mode, and the kernel says so, until its link is closed",
    (mode) => {
      expect(testbed.facts("b").xdp).toBe("none");
      const link = attachXdp(testbed, "b", loadXdp("drop"), mode);
      expect(testbed.facts("b").xdp).toBe(mode);
      expect(testbed.facts("a").xdp).toBe("none");
      link.close();
      expect(testbed.facts("b").xdp).toBe("none");
    },
  );

  test("counts packets and bytes under its own verdict and no other", async () => {
    const program = loadCounter("PASS");
    attachXdp(testbed, "b", program);
    await testbed.injector("a").inject(500);
    const counts = verdictCounts(program);
    expect(counts.PASS).toEqual({ packets: 500, bytes: 30_000 });
    expect(VERDICTS.filter((verdict) => counts[verdict].packets > 0)).toEqual(["PASS"]);
  });

  test("sends back what it was told to, and each frame arrives where it came from", async () => {
    const back = loadCounter("DROP");
    attachXdp(testbed, "a", back);
    const tx = loadXdp("tx");
    attachXdp(testbed, "b", tx);
    const { atPeer } = await testbed.injector("a").inject(1000);
    expect(verdictCounts(tx).TX.packets).toBe(1000);
    expect(atPeer.transmitted).toBe(1000);
    expect(verdictCounts(back).DROP).toEqual({ packets: 1000, bytes: 60_000 });
  });

  test("sends back into nothing when the other end has no NAPI", async () => {
    testbed.inside("a", "ethtool", "-K", "veth-a", "gro", "off");
    const before = testbed.facts("a").rxPackets;
    const tx = loadXdp("tx");
    attachXdp(testbed, "b", tx);
    const { arrived } = await testbed.injector("a").inject(1000);
    expect([arrived, verdictCounts(tx).TX.packets]).toEqual([1000, 1000]);
    expect(testbed.facts("a").rxPackets - before).toBe(0);
  });

  test("counts a miss for every packet that no socket waits for", async () => {
    const program = loadXdp("xsk_redirect");
    attachXdp(testbed, "b", program);
    const { atPeer } = await testbed.injector("a").inject(300);
    expect(program.object.map("queues").readCounters(0)).toEqual([0, 300]);
    expect(atPeer).toMatchObject({ redirected: 0, toStack: 300 });
  });

  test("cannot be asked for its counts once it is closed", () => {
    const program = loadCounter("DROP");
    attachXdp(testbed, "b", program);
    testbed.close();
    expect(() => verdictCounts(program)).toThrow("Cannot use count: it is closed -> load it again");
  });

  test("is refused, with the cause, where another one is attached", () => {
    attachXdp(testbed, "b", loadXdp("drop"));
    expect(() => attachXdp(testbed, "b", loadXdp("pass"))).toThrow(
      "Cannot attach pass to veth-b (native): EBUSY, a program is attached there already -> close its link first",
    );
  });

  test("is refused, with the cause, where a packet may be larger than a page", () => {
    const wide = Testbed.create(twoHosts({ mtu: 9000 }));
    try {
      expect(() => attachXdp(wide, "b", loadXdp("drop"))).toThrow(/ERANGE, the MTU of its peer is too large/);
      attachXdp(wide, "b", loadXdp("drop"), "generic");
      expect(wide.facts("b").xdp).toBe("generic");
    } finally {
      wide.close();
    }
  });
});
