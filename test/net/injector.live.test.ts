import { type Injector, Testbed, twoHosts } from "ringside/net";
import { allowedCpus, pinThread } from "ringside/sys";
import { attachXdp, loadCounter, verdictCounts } from "ringside/xdp";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const cpus = allowedCpus();
let testbed: Testbed;
let injector: Injector;
beforeEach(() => {
  testbed = Testbed.create(twoHosts());
  injector = testbed.injector("a");
});
afterEach(() => {
  pinThread(cpus);
  testbed.close();
});

describe("the injector", () => {
  test.each([
    ["native", "DROP"],
    ["generic", "DROP"],
    ["native", "PASS"],
  ] as const)(
    "has 65 536 frames counted exactly by a %s program that answers %s, twice",
    async (mode, verdict) => {
      const program = loadCounter(verdict);
      attachXdp(testbed, "b", program, mode);
      expect(testbed.facts("b").xdp).toBe(mode);
      for (let round = 1; round <= 2; round++) {
        expect(await injector.inject(65_536)).toMatchObject({
          offered: 65_536,
          arrived: 65_536,
          lost: 0,
          losses: [],
        });
        expect(verdictCounts(program)[verdict]).toEqual({
          packets: round * 65_536,
          bytes: round * 65_536 * 60,
        });
      }
    },
  );

  test("says what the peer's native program did with the frames", async () => {
    const link = attachXdp(testbed, "b", loadCounter("DROP"));
    const nothing = { dropped: 0, redirected: 0, transmitted: 0, failed: 0, toStack: 0 };
    expect((await injector.inject(1000)).atPeer).toEqual({ ...nothing, dropped: 1000 });
    link.close();
    expect((await injector.inject(1000)).atPeer).toEqual({ ...nothing, toStack: 1000 });
  });

  test("loses nothing and is never ahead of a set rate, from 1 to 200 kpps, on the CPU it is pinned to", async () => {
    pinThread([cpus.at(-1)!]);
    for (const ratePps of [1_000, 20_000, 200_000]) {
      const injection = await injector.inject(ratePps / 4, { ratePps });
      expect(injection).toMatchObject({ offered: ratePps / 4, lost: 0, cpus: [cpus.at(-1)] });
      expect(injection.seconds).toBeGreaterThanOrEqual((ratePps / 4 - 1) / ratePps);
    }
  });

  test("names the hop that lost the frames when the peer has no NAPI", async () => {
    testbed.inside("b", "ethtool", "-K", "veth-b", "gro", "off");
    const injection = await injector.inject(1000);
    expect(injection).toMatchObject({ offered: 1000, arrived: 0, lost: 1000 });
    expect(injection.losses).toMatchObject([{ hop: "no NAPI at the peer", frames: 1000 }]);
    const link = attachXdp(testbed, "b", loadCounter("DROP"));
    expect(await injector.inject(1000)).toMatchObject({ arrived: 1000, losses: [] });
    link.close();
  });

  test("tells a missing NAPI from a wire that is down and from a frame that is too long", async () => {
    const long = testbed.injector("a", new Uint8Array(1519));
    expect((await long.inject(100)).losses).toMatchObject([
      { hop: "frame longer than the MTU", frames: 100 },
    ]);
    testbed.inside("b", "ip", "link", "set", "veth-b", "down");
    expect((await injector.inject(100)).losses).toMatchObject([
      { hop: "an end of the wire is down", frames: 100 },
    ]);
    testbed.inside("b", "ip", "link", "set", "veth-b", "up");
    expect(await injector.inject(100)).toMatchObject({ arrived: 100, losses: [] });
  });

  test("accounts for every frame at full speed, whatever the ring does", async () => {
    attachXdp(testbed, "b", loadCounter("PASS"));
    const { offered, arrived, lost, losses } = await injector.inject(1_000_000, {
      ratePps: Number.POSITIVE_INFINITY,
    });
    expect(offered).toBe(1_000_000);
    expect(arrived + lost).toBe(offered);
    expect(losses.reduce((sum, { frames }) => sum + frames, 0)).toBe(lost);
  });

  test("carries frames of other lengths, up to what a page holds", async () => {
    const program = loadCounter("DROP");
    attachXdp(testbed, "b", program);
    for (const length of [14, 1514]) {
      const before = verdictCounts(program).DROP.bytes;
      const other = testbed.injector("a", new Uint8Array(length));
      await other.inject(10);
      expect(verdictCounts(program).DROP.bytes - before).toBe(10 * length);
    }
  });

  test("stops within 300 ms when it is told to, and can go on", async () => {
    const stop = new AbortController();
    let abortedAt = 0;
    setTimeout(() => {
      abortedAt = performance.now();
      stop.abort();
    }, 50);
    const options = { ratePps: Number.POSITIVE_INFINITY, signal: stop.signal };
    await expect(injector.inject(1e9, options)).rejects.toThrow(/abort/i);
    expect(performance.now() - abortedAt).toBeLessThan(300);
    expect(await injector.inject(100)).toMatchObject({ arrived: 100 });
  });

  test("is of no use once it or its testbed is closed, and says so", async () => {
    const running = injector.inject(1e9, { ratePps: 1000 });
    setImmediate(() => testbed.close());
    await expect(running).rejects.toThrow("Cannot inject: this injector is closed");
    await expect(injector.inject(1)).rejects.toThrow("-> make another: testbed.injector()");
  });

  test("stops by itself after its time", async () => {
    const { seconds } = await injector.inject(Number.POSITIVE_INFINITY, { seconds: 0.05 });
    expect(seconds).toBeGreaterThanOrEqual(0.05);
    expect(seconds).toBeLessThan(0.5);
  });

  test.each([
    [0, {}, /Cannot inject 0 frames: .* -> try 65536/],
    [1.5, {}, /Cannot inject 1.5 frames/],
    [Number.POSITIVE_INFINITY, {}, /together with seconds/],
    [1, { ratePps: 0 }, /Cannot inject at 0 frames a second/],
    [1, { seconds: 0 }, /Cannot inject for 0 s/],
  ])("refuses %s frames with %o", async (frames, options, message) => {
    await expect(injector.inject(frames, options)).rejects.toThrow(message);
  });
});
