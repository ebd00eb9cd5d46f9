// Where the load ends, as the harness sees it: it is told that a run begins, says how far it is, and reports when the run is
// over. One kind is a thread of ours, the other is the kernel or another process, whose counters we read.
import type { Bucket } from "../stats/index.js";
import type { Elsewhere, ElsewherePath, HopCount, Site } from "./path.js";
import type { Expectation, Taken } from "./sink.js";

/** What one run brought. */
export interface FarReport {
  readonly taken: Taken;
  /** Packets that came back to where they were sent from; null where none is sent back by a thread of ours. */
  readonly returned: number | null;
  /** What the numbers of these come to, as in `Taken`; null where nobody reads them: on a stage that is not paced. */
  readonly returnedNumbers: Pick<Taken, "sum" | "missing" | "behind"> | null;
  /** Since the far end was opened. */
  readonly drops: readonly HopCount[];
  /** CPU time of the thread that ends the packets, ours or not, in ns; null where the softirq that brings them does. */
  readonly cpuNs: number | null;
  /** CPU time of the kernel's thread that receives for that one, in ns; null where there is none. */
  readonly helperCpuNs: number | null;
  /** CPU on which that thread ran last; null where there is none. */
  readonly helperCpu: number | null;
  readonly latencies: readonly Bucket[];
}

export interface FarEnd {
  /** The thread that ends the packets, ours or not, for counting its events; null where the softirq that brings them does. */
  readonly tid: number | null;
  /** Aborted, with its error, when the far end ends before it is closed. */
  readonly ended: AbortSignal;
  /** Brings it to where `begin` takes no time, for who sets a start time before; left out where it never does. */
  wake?(): Promise<void>;
  begin(expectation: Expectation): Promise<void>;
  /** Packets of this run so far, modulo 2^32. */
  received(): number;
  /** Brings `received` up to now, where another process must be asked; left out where it always is. */
  refresh?(): Promise<void>;
  /** Changes whenever the far end has looked and found nothing; null where nobody can tell. */
  emptyLooks(): number | null;
  finish(): Promise<FarReport>;
  close(): Promise<void>;
}

const NONE: Taken = { packets: 0, bytes: 0, foreign: 0, missing: 0, behind: 0, sum: 0, byteSum: 0 };

/** The far end of a path whose packets somebody else counts. Their numbers are read, and checked, only where times are kept. */
export async function openElsewhere(path: ElsewherePath, site: Site): Promise<FarEnd> {
  const elsewhere: Elsewhere = await path.install(site);
  const { worker, times } = elsewhere;
  let before = elsewhere.counts();
  let cpuBefore = 0;
  let cpuNow = 0;
  let isAwake = false;
  const wake = async (): Promise<void> => {
    if (!isAwake) await elsewhere.wake?.();
    isAwake = true;
  };
  return {
    tid: worker?.tid ?? null,
    ended: elsewhere.ended ?? new AbortController().signal,
    wake,
    async begin(expectation) {
      await wake();
      times?.begin(expectation);
      cpuBefore = cpuNow = worker?.cpuNs() ?? 0;
      before = elsewhere.counts();
    },
    received: () => elsewhere.counts().packets - before.packets,
    async refresh() {
      if (worker?.sleeps !== true) cpuNow = worker?.cpuNs() ?? 0; // what it spins while stragglers are waited for is not the path's
      await elsewhere.refresh?.();
    },
    emptyLooks: () => null,
    async finish() {
      if (worker?.sleeps === true) cpuNow = worker.cpuNs();
      const cpuNs = worker === undefined ? null : cpuNow - cpuBefore;
      await elsewhere.rest?.();
      isAwake = false;
      const { packets, bytes } = elsewhere.counts();
      const counted = { packets: packets - before.packets, bytes: bytes - before.bytes };
      const taken = { ...NONE, ...counted, ...times?.numbers() };
      const latencies = times?.read().buckets() ?? [];
      return {
        taken,
        returned: null,
        returnedNumbers: null,
        drops: elsewhere.drops(),
        cpuNs,
        helperCpuNs: null,
        helperCpu: null,
        latencies,
      };
    },
    async close() {
      elsewhere.close();
    },
  };
}
