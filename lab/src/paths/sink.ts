// What the application does with a packet: nothing, read its headers, or read every byte. The second and third check that
// each packet came once and in order, by the number that the injector wrote into it. A receiver calls `take` for each
// packet, so there is no object, no clock and no system call here; the counts lie in a few doubles that a C loop can write, too.
// What each kind of sink does with a packet is in `sinks.ts`.
import type { LogHistogram } from "../stats/index.js";
import { addressOf, mapAnonymous } from "../sys/index.js";

/** How much of a packet the application reads. */
export type Touch = "nothing" | "headers" | "bytes";

/** Bytes of Ethernet, IPv4 and UDP headers in front of the load's payload. */
export const HEADER_BYTES = 42;

/** What a run looks like to the one that receives it. */
export interface Expectation {
  /** Number of the run's first packet. */
  readonly first: number;
  /** When that packet is due, by `monotonicNs`, and how far the due times lie apart. */
  readonly startNs: number;
  readonly intervalNs: number;
}

/** What came, as plain data. */
export interface Taken {
  readonly packets: number;
  /** Of whole frames without check sequence, whether or not the program saw their headers. */
  readonly bytes: number;
  /** Frames that were not of the load: the program looked at them and left them. */
  readonly foreign: number;
  /** Numbers that were skipped, less those that came later. 0 means that every packet came, up to the last. */
  readonly missing: number;
  /** Packets that came after a later one, or twice. */
  readonly behind: number;
  /** Sum of all numbers less the run's first one: n packets without loss make n * (n - 1) / 2. */
  readonly sum: number;
  /** Sum of all bytes that were read, modulo 2^32; 0 unless every byte was. */
  readonly byteSum: number;
}

/** Where the counts lie, in doubles; struct lab_sink of kernels/native/sink.h. */
export const SLOT = {
  packets: 0,
  bytes: 1,
  foreign: 2,
  next: 3,
  missing: 4,
  behind: 5,
  sum: 6,
  byteSum: 7,
  first: 8,
  touch: 9,
  hidden: 10,
  port: 11,
  stopAt: 12,
} as const;
const SLOTS = 13;
/** Slots from here on say what the sink does; a run leaves them as they are. */
const FIXED_SLOTS = 9;
/** More packets than any run has. */
const EVER = 2 ** 53;
const TOUCHES: readonly Touch[] = ["nothing", "headers", "bytes"];

/** Takes packets. Each thread uses one kind, so that `take` is compiled for it alone. */
export abstract class Sink {
  /** The counts, by `SLOT`. */
  readonly counts: Float64Array;
  /** Address of the counts, for a loop in C. */
  readonly address: number;
  /** Set before each look at the path: the first packet of a batch then reads the clock for all of it. */
  fresh = false;
  protected readonly hidden: number;

  /**
   * @param sees whether packets come from their Ethernet header on
   * @param port of the load
   * @param touch for a loop in C, which has no class to tell by
   */
  constructor(sees: "frame" | "payload", port: number, touch: Touch) {
    const memory = mapAnonymous(SLOTS * 8);
    this.counts = new Float64Array(memory.buffer, 0, SLOTS);
    this.address = addressOf(new Uint8Array(memory.buffer));
    this.hidden = sees === "frame" ? 0 : HEADER_BYTES;
    this.counts[SLOT.touch] = TOUCHES.indexOf(touch);
    this.counts[SLOT.hidden] = this.hidden;
    this.counts[SLOT.port] = port;
    this.stopAt = EVER;
  }

  /** A loop in C comes back when it has taken so many packets of this run; JavaScript looks after each batch. */
  set stopAt(packets: number) {
    this.counts[SLOT.stopAt] = packets;
  }

  /** Starts over. */
  begin({ first }: Expectation): void {
    this.counts.fill(0, 0, FIXED_SLOTS);
    this.counts[SLOT.next] = first;
    this.counts[SLOT.first] = first;
  }

  /**
   * Takes one packet.
   *
   * @param bytes memory in which it lies
   * @param at its first byte there
   * @param lengthBytes how many are its own
   */
  abstract take(bytes: Uint8Array, at: number, lengthBytes: number): void;

  taken(): Taken {
    const count = this.counts;
    return {
      packets: count[SLOT.packets],
      bytes: count[SLOT.bytes],
      foreign: count[SLOT.foreign],
      missing: count[SLOT.missing],
      behind: count[SLOT.behind],
      sum: count[SLOT.sum],
      byteSum: count[SLOT.byteSum],
    };
  }

  /** Latencies from the intended send time, in ns; null where this sink keeps none. */
  latencies(): LogHistogram | null {
    return null;
  }
}
