import { describe, expect, test } from "vitest";
import type { SkbCache } from "../../lab/src/trace/skb-caches.js";
import { nameBirths, summarise, unseen } from "../../lab/src/trace/skb-report.js";
import type { SkbRow, SkbTables, SlabRow } from "../../lab/src/trace/skbs.js";

const HEAD: SkbCache = {
  name: "skbuff_head_cache",
  holds: "heads",
  objectBytes: 224,
  sharedWith: ["skbuff_head_cache"],
};
const MERGED: SkbCache = {
  name: "skbuff_fclone_cache",
  holds: "pairs",
  objectBytes: 512,
  sharedWith: ["pool_workqueue", "skbuff_fclone_cache"],
};
const NONE = { slab: 0, fates: 0 };
const OURS = new Set([100]);
const names: Readonly<Record<number, string>> = { 1: "__alloc_skb", 2: "alloc_workqueue" };
const symbolOf = (address: bigint): string => names[Number(address)] ?? `0x${address.toString(16)}`;

function slab(cacheName: string, callSite: bigint, allocs: number, frees: number): SlabRow {
  return { cacheName, callSite, allocs, frees, process: "node", pid: 7 };
}

function skbs(event: SkbRow["event"], count: number, netns = 100, reason = ""): SkbRow {
  return { event, reason, netns, device: netns ? "veth" : "", skbs: count };
}

function tables(parts: Partial<SkbTables>): SkbTables {
  return { slab: [], skbs: [], ...parts };
}

describe("the report on skbs", () => {
  test("keeps the experiment's skbs apart from other namespaces' and from those that nothing names", () => {
    const report = summarise(
      tables({
        skbs: [
          skbs("dropped", 10, 100, "NO_SOCKET"),
          skbs("dropped", 3, 100, "SOCKET_RCVBUFF"),
          skbs("consumed", 5, 200),
          skbs("consumed", 2, 0),
        ],
      }),
      [HEAD],
      OURS,
      symbolOf,
    );
    expect(report.own).toMatchObject({ dropped: 13, reasons: { NO_SOCKET: 10, SOCKET_RCVBUFF: 3 } });
    expect(report.others.consumed).toBe(5);
    expect(report.nobodys.consumed).toBe(2);
  });

  test("counts a merged cache's events only from call sites that deal in skbs", () => {
    const rows = [slab("pool_workqueue", 1n, 4, 0), slab("pool_workqueue", 2n, 9, 9)];
    const report = summarise(tables({ slab: rows }), [HEAD, MERGED], OURS, symbolOf);
    expect(report.births).toBe(4);
    expect(report.slab[1]!.sites.map((site) => site.function)).toEqual(["__alloc_skb"]);
  });

  test("takes no event of a cache that merely has the same object size", () => {
    const report = summarise(
      tables({ slab: [slab("mm_struct", 1n, 50, 0)] }),
      [HEAD, MERGED],
      OURS,
      symbolOf,
    );
    expect(report.births).toBe(0);
  });

  test("names who was on the CPU at a birth, over all caches together", () => {
    const rows = [slab("skbuff_head_cache", 1n, 4, 0), slab("pool_workqueue", 1n, 3, 0)];
    const report = summarise(tables({ slab: rows }), [HEAD, MERGED], OURS, symbolOf);
    expect(nameBirths(report)).toEqual(["7 in __alloc_skb while node ran"]);
  });

  test("does not count packet bytes as births of heads", () => {
    const small: SkbCache = { ...HEAD, name: "skbuff_small_head", sharedWith: ["skbuff_small_head"] };
    const report = summarise(
      tables({ slab: [slab("skbuff_small_head", 1n, 6, 6)] }),
      [small],
      OURS,
      symbolOf,
    );
    expect(report.births).toBe(0);
    expect(report.slab[0]).toMatchObject({ allocs: 6, frees: 6 });
  });
});

describe("what was not seen", () => {
  const report = (parts: Partial<SkbTables>): ReturnType<typeof summarise> =>
    summarise(tables(parts), [HEAD, MERGED], OURS, symbolOf);

  test("is nothing when births and deaths agree", () => {
    const counts = report({
      slab: [slab("skbuff_head_cache", 1n, 8, 8)],
      skbs: [skbs("entered", 8), skbs("consumed", 8)],
    });
    expect(unseen(counts, NONE)).toEqual([]);
  });

  test("names births in bulk", () => {
    const gaps = unseen(report({ skbs: [skbs("entered", 9), skbs("dropped", 9, 100, "NO_SOCKET")] }), NONE);
    expect(gaps).toEqual([expect.stringContaining("9 skbs or more born in bulk")]);
  });

  test("names skbs that entered and were not seen to die", () => {
    const counts = report({
      slab: [slab("skbuff_head_cache", 1n, 9, 0)],
      skbs: [skbs("entered", 9), skbs("dropped", 4, 100, "SOCKET_RCVBUFF")],
    });
    expect(unseen(counts, NONE)).toEqual([
      expect.stringContaining("5 skbs entered the stack and not seen to die"),
    ]);
  });

  test("names deaths that nobody can be told for, hidden symbols, and events not counted", () => {
    const counts = report({ slab: [slab("pool_workqueue", 77n, 1, 0)], skbs: [skbs("consumed", 1, 0)] });
    const gaps = unseen(counts, { slab: 3, fates: 1 });
    expect(gaps[0]).toContain("1 skb dead with neither a device nor a socket");
    expect(gaps[1]).toContain("skbuff_fclone_cache: it shares its memory with pool_workqueue");
    expect(gaps.slice(2)).toEqual([
      "3 births or frees, while their counter was busy or full",
      "1 skb entering or dying, while their counter was busy or full",
    ]);
  });

  test("says that no birth can be seen where the kernel does not show its caches", () => {
    expect(unseen(summarise(tables({}), [], OURS, symbolOf), NONE)).toEqual([
      expect.stringContaining("does not show its caches"),
    ]);
  });
});
