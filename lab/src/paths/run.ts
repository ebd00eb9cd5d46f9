// One load over one path, as plain data: what was offered, what came, and where the rest is.
import type { Injection } from "../net/index.js";
import type { Bucket } from "../stats/index.js";
import { pathOf } from "./catalogue.js";
import type { FarReport } from "./far-end.js";
import type { HopCount, PathName } from "./path.js";
import type { Taken } from "./sink.js";

/** What to offer. One of `frames` and `seconds`, or both. */
export interface Load {
  readonly frames?: number;
  readonly seconds?: number;
  /** Packets a second; `Infinity` for all the machine can; left out: half a ring at a time, which loses nothing on the wire. */
  readonly ratePps?: number;
  /** Offers no more than so many packets before they have come: with less than a ring, nothing is lost for want of room. */
  readonly inFlight?: number;
  /**
   * Injector and consumer take turns, a burst of half a ring each, and one sleeps while the other works: for what a packet costs in
   * CPU time, on a stage whose threads share one CPU. See `cpuNsPerPacket`.
   */
  readonly inTurns?: boolean;
}

/** What came of a load. */
export interface Run {
  readonly path: PathName;
  readonly load: Load;
  readonly offered: number;
  readonly offeredPps: number;
  readonly received: number;
  /** Packets a second that came while the load was offered. */
  readonly receivedPps: number;
  /** Packets that came back to where they were sent from; null where the path sends none back through a thread of ours. */
  readonly returned: number | null;
  /** What the numbers of these come to; null where nobody reads them: on a stage that is not paced. */
  readonly returnedNumbers: FarReport["returnedNumbers"];
  readonly seconds: number;
  /** What the receiver saw of the packets: bytes, order, sums. Where the kernel ends them, order and sum are kept on a paced stage only. */
  readonly taken: Taken;
  /** Every hop that lost packets, the wire's and the path's. */
  readonly losses: readonly HopCount[];
  /** Packets that neither came nor were counted as lost by any hop; anything but 0 is a fault of ours. */
  readonly unaccounted: number;
  /** From the intended send time, in ns; empty where the load had no set rate, or nobody could tell packets apart. */
  readonly latencies: readonly Bucket[];
  /** CPU time of the two threads, the consumer's being whoever ends the packets; null where the softirq does. Softirq work is charged to the one that it interrupted, if the kernel charges it at all. */
  readonly cpuNs: {
    readonly injector: number;
    readonly consumer: number | null;
    /** The kernel's thread that receives for the consumer (SQPOLL); null where there is none. */
    readonly helper: number | null;
  };
  /**
   * Where the threads ran; the softirq ran with the injector. The consumer's is null where no thread ends the packets; the helper is
   * the kernel's thread that receives for the consumer (SQPOLL), which nobody pins: where it ran last, null where there is none.
   * DPDK's main thread, which answers our questions and takes no packet, runs beside the injector.
   */
  readonly cpus: {
    readonly injector: readonly number[];
    readonly consumer: number | null;
    readonly helper: number | null;
  };
}

/** What whoever offered a load knows when it is over. */
export interface Offered {
  readonly injection: Pick<Injection, "offered" | "ratePps" | "seconds" | "losses" | "cpus">;
  readonly report: FarReport;
  /** Packets a second that came while the load was offered. */
  readonly meanwhile: number;
  readonly injectorCpuNs: number;
}

/** The same with what the stage knows. */
export interface RunFacts extends Offered {
  readonly path: PathName;
  readonly load: Load;
  readonly dropsBefore: readonly HopCount[];
  readonly consumerCpu: number | null;
}

/** Lays both ends' counts side by side. */
export function runOf(facts: RunFacts): Run {
  const { path, load, injection, report, meanwhile } = facts;
  const { returned } = report;
  const drops = dropsBetween(facts.dropsBefore, report.drops);
  const wire = injection.losses.map(({ hop, frames, next }): HopCount => ({ hop, packets: frames, next }));
  const losses = [...wire, ...drops];
  const lost = losses.reduce((sum, { packets }) => sum + packets, 0);
  return {
    path,
    load,
    offered: injection.offered,
    offeredPps: injection.ratePps,
    received: report.taken.packets,
    receivedPps: meanwhile,
    returned,
    returnedNumbers: report.returnedNumbers,
    seconds: injection.seconds,
    taken: report.taken,
    losses,
    unaccounted: injection.offered - (returned ?? report.taken.packets) - lost,
    latencies: report.latencies,
    cpuNs: { injector: facts.injectorCpuNs, consumer: report.cpuNs, helper: report.helperCpuNs },
    cpus: { injector: injection.cpus, consumer: facts.consumerCpu, helper: report.helperCpu },
  };
}

/**
 * What a packet that came cost in CPU time, softirq and program together: the measure by which paths compare fairly. A rate on the
 * clock is not one. A verdict needs one CPU; a path that ends in a program needs two at the very same moment to show its rate, and
 * what a busy machine takes from one of them is lost in a full ring, though the kernel has done its work. CPU time stands still
 * while others run.
 *
 * @param run of one CPU, in turns
 * @returns ns; null where a thread that is not ours works for the path, too, and where nothing came.
 */
export function cpuNsPerPacket({ path, received, cpuNs }: Run): number | null {
  if (received === 0 || pathOf(path).helper !== undefined) return null;
  return (cpuNs.injector + (cpuNs.consumer ?? 0)) / received;
}

/** What each hop lost since; hops that lost nothing are left out. */
export function dropsBetween(before: readonly HopCount[], after: readonly HopCount[]): HopCount[] {
  return after
    .map(({ hop, packets, next }) => {
      const earlier = before.find((other) => other.hop === hop)?.packets ?? 0;
      return { hop, packets: packets - earlier, next };
    })
    .filter(({ packets }) => packets > 0);
}
