// From the tables to figures a learner can reconcile: how many skbs were born, how many died and why, whose they
// were, what the machine does by itself, and what no event showed.
import { formatCount } from "../base/index.js";
import { kernelSymbol } from "./call-sites.js";
import type { SkbCache } from "./skb-caches.js";
import type { SkbEvent, SkbRow, SkbTables, SkbUncounted, SlabRow } from "./skbs.js";

/** One place in the kernel that took or gave back objects of a cache, while one process was on the CPU. */
export interface SlabSite extends Omit<SlabRow, "callSite" | "cacheName"> {
  /** The function, e.g. `__alloc_skb`; a hex address where the kernel hides its symbols. */
  readonly function: string;
}

/** What one skb cache gave and took, on the whole machine: these events know no packet and no device. */
export interface SlabCounts {
  readonly cache: SkbCache;
  readonly allocs: number;
  readonly frees: number;
  readonly sites: readonly SlabSite[];
}

/** The fate of skbs. */
export interface SkbFates {
  /** Handed to the stack by a device. */
  readonly entered: number;
  /** kfree_skb: died with work undone. */
  readonly dropped: number;
  /** consume_skb: died with its work done. */
  readonly consumed: number;
  /** Of the dropped, why: the most frequent first. */
  readonly reasons: Readonly<Record<string, number>>;
}

/** What the machine did in one window. */
export interface SkbWindow {
  /** skbs of devices and sockets in the experiment's namespaces. */
  readonly own: SkbFates;
  /** skbs of other namespaces. */
  readonly others: SkbFates;
  /** skbs that died with neither a device nor a socket to tell whose they were. */
  readonly nobodys: SkbFates;
  /** Heads (struct sk_buff) taken from the caches one by one. */
  readonly births: number;
  /** Heads given back one by one. */
  readonly frees: number;
  readonly slab: readonly SlabCounts[];
}

/** Caches whose objects are skb heads; `skbuff_small_head` holds packet bytes. */
const HEAD_CACHES: readonly string[] = ["skbuff_head_cache", "skbuff_fclone_cache"];

/**
 * Sums the tables of one window.
 *
 * @param namespaces inode numbers of the experiment's namespaces
 * @param symbolOf names the function around an address
 */
export function summarise(
  tables: SkbTables,
  caches: readonly SkbCache[],
  namespaces: ReadonlySet<number>,
  symbolOf: (address: bigint) => string = kernelSymbol,
): SkbWindow {
  const slab = caches.map((cache) => slabCounts(cache, tables.slab, symbolOf));
  const heads = slab.filter(({ cache }) => HEAD_CACHES.includes(cache.name));
  return {
    own: fates(tables.skbs.filter(({ netns }) => namespaces.has(netns))),
    others: fates(tables.skbs.filter(({ netns }) => netns !== 0 && !namespaces.has(netns))),
    nobodys: fates(tables.skbs.filter(({ netns }) => netns === 0)),
    births: heads.reduce((sum, { allocs }) => sum + allocs, 0),
    frees: heads.reduce((sum, { frees: given }) => sum + given, 0),
    slab,
  };
}

function slabCounts(
  cache: SkbCache,
  rows: readonly SlabRow[],
  symbolOf: (address: bigint) => string,
): SlabCounts {
  const merged = cache.sharedWith.length > 1;
  const sites = rows
    .filter(({ cacheName }) => cache.sharedWith.includes(cacheName))
    .map(({ callSite, process, pid, allocs, frees }) => {
      return { function: symbolOf(callSite), process, pid, allocs, frees };
    })
    .filter((site) => !merged || maySkb(site.function))
    .sort((a, b) => b.allocs + b.frees - a.allocs - a.frees);
  return {
    cache,
    allocs: sites.reduce((sum, { allocs }) => sum + allocs, 0),
    frees: sites.reduce((sum, { frees }) => sum + frees, 0),
    sites,
  };
}

/** In a merged cache only the call site tells whose object it is; a site without a name may be ours. */
function maySkb(site: string): boolean {
  return site.includes("skb") || site.startsWith("0x");
}

function fates(rows: readonly SkbRow[]): SkbFates {
  const total = (event: SkbEvent): number =>
    rows.filter((row) => row.event === event).reduce((sum, { skbs }) => sum + skbs, 0);
  const reasons = new Map<string, number>();
  for (const { event, reason, skbs } of rows) {
    if (event === "dropped") reasons.set(reason, (reasons.get(reason) ?? 0) + skbs);
  }
  return {
    entered: total("entered"),
    dropped: total("dropped"),
    consumed: total("consumed"),
    reasons: Object.fromEntries([...reasons].sort(([, a], [, b]) => b - a)),
  };
}

/** Who was on the CPU when heads were taken one by one, and in which function: `14 in __alloc_skb while sshd ran`. */
export function nameBirths({ slab }: Pick<SkbWindow, "slab">): string[] {
  const births = new Map<string, number>();
  for (const { cache, sites } of slab) {
    if (!HEAD_CACHES.includes(cache.name)) continue;
    for (const { function: where, process, allocs } of sites) {
      const who = `in ${where} while ${process} ran`;
      if (allocs > 0) births.set(who, (births.get(who) ?? 0) + allocs);
    }
  }
  return [...births].sort(([, a], [, b]) => b - a).map(([who, count]) => `${formatCount(count)} ${who}`);
}

/**
 * What the events cannot have shown, in plain words. Every sentence stands for a gap that these figures have.
 *
 * @param uncounted events that raised no count, though they have a tracepoint
 */
export function unseen(counts: SkbWindow, uncounted: SkbUncounted): string[] {
  const { own, births, nobodys, slab } = counts;
  const deaths = own.dropped + own.consumed;
  const lived = Math.max(own.entered, deaths);
  const gaps: string[] = [];
  if (lived > births) {
    gaps.push(
      `${skbs(lived - births)} or more born in bulk, which has no tracepoint: ${formatCount(lived)} lived, ${formatCount(births)} were taken from the caches one by one`,
    );
  }
  if (own.entered > deaths) {
    gaps.push(
      `${skbs(own.entered - deaths)} entered the stack and not seen to die: waiting in a socket, or freed in bulk, which has no tracepoint`,
    );
  }
  if (nobodys.dropped + nobodys.consumed > 0) {
    gaps.push(
      `${skbs(nobodys.dropped + nobodys.consumed)} dead with neither a device nor a socket to tell whose they were`,
    );
  }
  gaps.push(...slab.flatMap(hiddenNames));
  if (slab.length === 0) gaps.push("every birth: this kernel does not show its caches in /sys/kernel/slab");
  if (uncounted.slab > 0)
    gaps.push(`${formatCount(uncounted.slab)} births or frees, while their counter was busy or full`);
  if (uncounted.fates > 0)
    gaps.push(`${skbs(uncounted.fates)} entering or dying, while their counter was busy or full`);
  return gaps;
}

function skbs(count: number): string {
  return `${formatCount(count)} ${count === 1 ? "skb" : "skbs"}`;
}

function hiddenNames({ cache, sites }: SlabCounts): string[] {
  if (cache.sharedWith.length === 1 || !sites.some((site) => site.function.startsWith("0x"))) return [];
  const others = cache.sharedWith.filter((name) => name !== cache.name).join(", ");
  return [
    `which births are of ${cache.name}: it shares its memory with ${others}, and this kernel hides its symbols`,
  ];
}
