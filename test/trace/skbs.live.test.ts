import { type Injector, Testbed, twoHosts } from "ringside/net";
import { AF_INET, close, inNamespace, ipv4SocketAddress, SOCK_DGRAM, send, socket } from "ringside/sys";
import { countDuring, dropReason, skbCaches } from "ringside/trace";
import { attachXdp, loadXdp } from "ringside/xdp";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const FRAMES = 65_536;

let testbed: Testbed;
let injector: Injector;
let spec: { readonly skbs: { readonly namespaces: readonly string[] }; readonly napi: true };

beforeEach(() => {
  testbed = Testbed.create(twoHosts());
  injector = testbed.injector("a");
  spec = { skbs: { namespaces: [testbed.path("a"), testbed.path("b")] }, napi: true };
});
afterEach(() => testbed.close());

describe("frames that meet a native XDP program", () => {
  test("make no skb where it answers DROP", async () => {
    attachXdp(testbed, "b", loadXdp("drop"));
    const { result, counts } = await countDuring(spec, () => injector.injectNow(FRAMES));
    expect(result.arrived).toBe(FRAMES);
    expect(counts.skbs.own).toEqual({ entered: 0, dropped: 0, consumed: 0, reasons: {} });
    expect(counts.skbs.births).toBeLessThan(FRAMES / 100);
    expect(counts.skbs.uncounted.fates).toBe(0);
  });

  test("die one by one where it answers PASS and the stack knows no such protocol", async () => {
    attachXdp(testbed, "b", loadXdp("pass"));
    const { counts } = await countDuring(spec, () => injector.injectNow(FRAMES));
    const { own } = counts.skbs;
    expect(own).toMatchObject({ entered: FRAMES, dropped: FRAMES, consumed: 0 });
    expect(Object.values(own.reasons)).toEqual([FRAMES]);
    expect(Object.keys(own.reasons)[0]).toMatch(/^[A-Z][A-Z0-9_]+$/);
    expect(counts.skbs.frees).toBeGreaterThanOrEqual(FRAMES);
    expect(counts.skbs.uncounted.fates).toBe(0);
  });

  test("are the work of the polls of that device, at most 64 a poll", async () => {
    attachXdp(testbed, "b", loadXdp("drop"));
    const { counts } = await countDuring(spec, () => injector.injectNow(FRAMES));
    const polls = counts.napi.find(({ device }) => device === "veth-b")!;
    expect(polls.work).toBe(FRAMES);
    expect(polls.polls).toBeGreaterThanOrEqual(FRAMES / 64);
    expect(polls.emptyPolls + polls.fullPolls).toBeLessThanOrEqual(polls.polls);
  });
});

describe("datagrams from a socket", () => {
  const DATAGRAMS = 5000;

  function sendAll(): void {
    const fd = inNamespace(testbed.path("a"), () => socket(AF_INET, SOCK_DGRAM, 0));
    const to = ipv4SocketAddress("10.0.0.2", 4789);
    for (let i = 0; i < DATAGRAMS; i++) send(fd, new Uint8Array(18), to);
    close(fd);
  }

  test("are born one by one, where the events see each", async () => {
    testbed.inside("b", "sysctl", "-q", "-w", "net.ipv4.icmp_ratelimit=1000000");
    const { counts } = await countDuring(spec, sendAll);
    const births = counts.skbs.slab
      .flatMap(({ sites }) => sites)
      .filter(({ pid, function: where }) => pid === process.pid && where === "__alloc_skb");
    expect(births.reduce((sum, { allocs }) => sum + allocs, 0)).toBeGreaterThanOrEqual(DATAGRAMS);
    expect(counts.skbs.own.reasons).toMatchObject({ NO_SOCKET: DATAGRAMS });
    expect(counts.skbs.own.entered).toBe(DATAGRAMS);
  });

  test("belong to others where the namespaces are not the experiment's", async () => {
    const { counts } = await countDuring({ skbs: { namespaces: [] } }, sendAll);
    expect(counts.skbs.own.entered).toBe(0);
    expect(counts.skbs.others.entered).toBeGreaterThanOrEqual(DATAGRAMS);
  });
});

describe("the control window", () => {
  test("sees nothing of an experiment that is over", async () => {
    attachXdp(testbed, "b", loadXdp("pass"));
    const { counts } = await countDuring(spec, () => injector.injectNow(FRAMES));
    expect(counts.skbs.background?.own).toEqual({ entered: 0, dropped: 0, consumed: 0, reasons: {} });
  });

  test("ends with the signal's reason, and nothing stays attached", async () => {
    const controller = new AbortController();
    const counting = countDuring(spec, () => controller.abort(new Error("stopped")), controller.signal);
    await expect(counting).rejects.toThrow(/stopped|aborted/);
  });

  test("is as plain data as the rest: it survives JSON", async () => {
    const { counts } = await countDuring(spec, () => injector.injectNow(64));
    expect(JSON.parse(JSON.stringify(counts))).toEqual(counts);
  });
});

describe("what the running kernel calls things", () => {
  test("has the cache of skb heads, with the size that BTF gives struct sk_buff", () => {
    const heads = skbCaches().find(({ name }) => name === "skbuff_head_cache")!;
    expect(heads.sharedWith).toContain("skbuff_head_cache");
    expect(heads.objectBytes).toBeGreaterThanOrEqual(200);
  });

  test("names a drop reason without its prefix, and keeps an unknown number", () => {
    expect(dropReason(2)).toBe("NOT_SPECIFIED");
    expect(dropReason(65_000)).toBe("reason 65000");
  });
});
