// Births and deaths of socket buffers. The two views do not meet by themselves: the slab events know no packet, the
// skb events know no slab. `skb-report.ts` brings them together and says what neither saw.
import { VerifierError } from "../base/index.js";
import { kernelEnum } from "../sys/index.js";
import { countAt, startProgram, type TraceProgram, textAt, type Window } from "./program.js";
import { type SkbCache, skbCaches } from "./skb-caches.js";

/** Events of one slab cache, from one call site, while one process was on the CPU. */
export interface SlabRow {
  /** The name that the event carried: any one of a merged cache's names. */
  readonly cacheName: string;
  /** Return address in the kernel. */
  readonly callSite: bigint;
  /** What the CPU was running; for work done in a softirq, whoever it interrupted. */
  readonly process: string;
  readonly pid: number;
  readonly allocs: number;
  readonly frees: number;
}

export type SkbEvent = "entered" | "dropped" | "consumed";

/** Skbs of one device that met the same fate. */
export interface SkbRow {
  readonly event: SkbEvent;
  /** Why it was dropped, e.g. `SOCKET_RCVBUFF`; empty for the other events. */
  readonly reason: string;
  /** Inode number of the network namespace; 0 where neither device nor socket told. */
  readonly netns: number;
  /** Empty where only the socket told. */
  readonly device: string;
  readonly skbs: number;
}

/** What the tables held for one window. */
export interface SkbTables {
  readonly slab: readonly SlabRow[];
  readonly skbs: readonly SkbRow[];
}

const EVENTS: readonly SkbEvent[] = ["entered", "dropped", "consumed"]; // enum skb_event in kernels/bpf/trace_skb.bpf.c
const SLAB_FUNCTIONS = ["head_alloc", "head_free"];
const SKB_FUNCTIONS = ["skb_entered", "skb_dropped", "skb_dropped_before_6_11", "skb_consumed"];
const CACHE_SIZES = 4;

/** The skb tracer, and the caches it looks at. */
export interface SkbTracer {
  readonly program: TraceProgram;
  readonly caches: readonly SkbCache[];
}

/** Attaches the counters of skbs. @source tracepoints kmem:kmem_cache_alloc, kmem_cache_free, skb:kfree_skb, consume_skb, net:netif_receive_skb */
export function startSkbs(): SkbTracer {
  const caches = skbCaches();
  const sizes = new Uint32Array(CACHE_SIZES);
  sizes.set(caches.map(({ objectBytes }) => objectBytes).slice(0, CACHE_SIZES));
  const constants = { ".rodata": new Uint8Array(sizes.buffer) };
  const startWithout = (dropped: string): TraceProgram => {
    const programs = [...SLAB_FUNCTIONS, ...SKB_FUNCTIONS].filter((name) => name !== dropped);
    return startProgram("trace_skb", { programs, initialValues: constants });
  };
  try {
    return { program: startWithout("skb_dropped_before_6_11"), caches };
  } catch (error) {
    if (!(error instanceof VerifierError)) throw error;
    return { program: startWithout("skb_dropped"), caches };
  }
}

/** Reads both tables for one window. */
export function readSkbTables({ program }: SkbTracer, window: Window): SkbTables {
  const slab = program.rows("slab_counts").filter(({ key }) => key.getUint32(16, true) === window);
  const skbs = program.rows("skb_counts").filter(({ key }) => key.getUint32(0, true) === window);
  return {
    slab: slab.map(({ key, value }) => ({
      cacheName: textAt(value, 16, 32),
      callSite: key.getBigUint64(8, true),
      process: textAt(value, 48, 16),
      pid: key.getUint32(20, true),
      allocs: countAt(value, 0),
      frees: countAt(value, 8),
    })),
    skbs: skbs.map(({ key, value }) => {
      const event = EVENTS[key.getUint32(4, true)]!;
      return {
        event,
        reason: event === "dropped" ? dropReason(key.getUint32(8, true)) : "",
        netns: key.getUint32(12, true),
        device: textAt(value, 8, 16),
        skbs: countAt(value, 0),
      };
    }),
  };
}

/** Events that were not counted. While one is 0, the figures of its kind are exact. */
export interface SkbUncounted {
  /** Of births and frees in the slab caches. */
  readonly slab: number;
  /** Of skbs that entered, were dropped or consumed. */
  readonly fates: number;
}

export function uncountedSkbs({ program }: SkbTracer): SkbUncounted {
  return { slab: program.uncounted(SLAB_FUNCTIONS), fates: program.uncounted(SKB_FUNCTIONS) };
}

let reasons: ReadonlyMap<number, string> | undefined;

/** The running kernel's name for a drop reason, without its prefix: 6 is `SOCKET_RCVBUFF` on Linux 6.18. */
export function dropReason(number: number): string {
  reasons ??= kernelEnum("skb_drop_reason");
  return reasons.get(number)?.replace(/^SKB_(DROP_REASON_)?/, "") ?? `reason ${number}`;
}
