// What a packet took to reach a program in the kernel. No thread of ours sees such a packet, so the program itself reads the clock:
// a packet's number says when it was due to be sent, and the rest is a subtraction. The numbers also tell whether each packet came,
// once and in order. Each CPU keeps its counters; here they are added up.
import { LogHistogram } from "../stats/index.js";
import { type BpfObject, u32Key } from "../sys/index.js";

/** As the program has them: see INTERVAL_BITS of kernels/bpf/latency.h. */
const INTERVAL_PARTS = 2 ** 20;

/** When the packets of a run are due. */
export interface PacketSchedule {
  /** Number of the run's first packet. */
  readonly first: number;
  /** When it is due, by CLOCK_MONOTONIC, and how far the due times lie apart, in ns. */
  readonly startNs: number;
  readonly intervalNs: number;
}

/** What the numbers of a run's packets come to: see `Taken` of `ringside/paths`. */
export interface PacketNumbers {
  readonly sum: number;
  readonly missing: number;
  readonly behind: number;
}

/** The times and numbers that a program with kernels/bpf/latency.h keeps, run by run. */
export class PacketTimes {
  private readonly object: BpfObject;
  private before: readonly number[] = [];
  private numbersBefore: readonly number[] = [];
  private hasSchedule = false;

  constructor(object: BpfObject) {
    this.object = object;
  }

  /** A run begins. Packets of earlier numbers are left out from now on; without an interval there are no due times, and so no times. */
  begin({ first, startNs, intervalNs }: PacketSchedule): void {
    this.hasSchedule = intervalNs > 0;
    const words = [startNs, first, intervalNs * INTERVAL_PARTS].map((word) => BigInt(Math.round(word)));
    const schedule = this.object.map("schedule");
    schedule.update(u32Key(0), new Uint8Array(BigUint64Array.from(words).buffer));
    this.before = this.counters();
    this.numbersBefore = this.numberCounters();
  }

  /** The run's times so far, in ns. */
  read(): LogHistogram {
    const times = new LogHistogram();
    if (this.hasSchedule) times.addCounts(this.counters().map((count, i) => count - (this.before[i] ?? 0)));
    return times;
  }

  /** What the run's numbers come to so far, whether it has due times or none; exact where one CPU sees all its packets. */
  numbers(): PacketNumbers {
    const [sum = 0, skipped = 0, behind = 0] = this.numberCounters().map(
      (count, i) => count - (this.numbersBefore[i] ?? 0),
    );
    return { sum, missing: skipped - behind, behind };
  }

  private numberCounters(): number[] {
    return this.object.map("numbers").readCounters(0).slice(0, 3);
  }

  private counters(): number[] {
    return this.object.map("latencies").readCounters(0);
  }
}
