// The kinds of sink, from the one that touches nothing to the one that reads every byte; and the one that keeps latencies.
import { ETHER_TYPE, IP_PROTOCOL } from "../packet/index.js";
import { LogHistogram } from "../stats/index.js";
import { monotonicNs } from "./clock.js";
import { type Expectation, HEADER_BYTES, Sink, SLOT, type Touch } from "./sink.js";

/** Touches nothing: what a path costs by itself. It cannot tell one packet from another. */
class NothingSink extends Sink {
  override take(_bytes: Uint8Array, _at: number, lengthBytes: number): void {
    this.counts[SLOT.packets] += 1;
    this.counts[SLOT.bytes] += lengthBytes + this.hidden;
  }
}

/** Reads what a program must read to know whose packet it is, and the packet's number. */
class HeaderSink extends Sink {
  protected readonly port: number;

  constructor(sees: "frame" | "payload", port: number, touch: Touch = "headers") {
    super(sees, port, touch);
    this.port = port;
  }

  override take(bytes: Uint8Array, at: number, lengthBytes: number): void {
    this.check(bytes, at, lengthBytes);
  }

  /** @returns The packet's place in the run, or -1 where it is not of the load. */
  protected check(bytes: Uint8Array, at: number, lengthBytes: number): number {
    const count = this.counts;
    if (this.hidden === 0 && !this.isLoad(bytes, at, lengthBytes)) {
      count[SLOT.foreign] += 1;
      return -1;
    }
    const number = at + HEADER_BYTES - this.hidden + 4; // the lower half of the u64: a run is shorter than 2^32
    const sequence =
      ((bytes[number] << 24) | (bytes[number + 1] << 16) | (bytes[number + 2] << 8) | bytes[number + 3]) >>>
      0;
    const next = count[SLOT.next];
    if (sequence === next) {
      count[SLOT.next] = next + 1;
    } else if (sequence > next) {
      count[SLOT.missing] += sequence - next;
      count[SLOT.next] = sequence + 1;
    } else {
      count[SLOT.missing] -= 1;
      count[SLOT.behind] += 1;
    }
    const place = sequence - count[SLOT.first];
    count[SLOT.packets] += 1;
    count[SLOT.bytes] += lengthBytes + this.hidden;
    count[SLOT.sum] += place;
    return place;
  }

  /** IPv4, UDP, our port: what the kernel checks for a socket, a program on raw frames checks itself. */
  private isLoad(bytes: Uint8Array, at: number, lengthBytes: number): boolean {
    return (
      lengthBytes >= HEADER_BYTES + 8 &&
      ((bytes[at + 12] << 8) | bytes[at + 13]) === ETHER_TYPE.ipv4 &&
      bytes[at + 23] === IP_PROTOCOL.udp &&
      ((bytes[at + 36] << 8) | bytes[at + 37]) === this.port
    );
  }
}

/** Reads every byte, as a program does that computes a checksum or copies the packet on. */
class ByteSink extends HeaderSink {
  override take(bytes: Uint8Array, at: number, lengthBytes: number): void {
    if (this.check(bytes, at, lengthBytes) < 0) return;
    let sum = 0;
    for (let i = at; i < at + lengthBytes; i++) sum = (sum + bytes[i]) | 0;
    this.counts[SLOT.byteSum] = (this.counts[SLOT.byteSum] + sum) % 2 ** 32;
  }
}

/** Reads headers, and keeps how long each packet took from the moment it was due to be sent. */
class LatencySink extends HeaderSink {
  private histogram: LogHistogram = new LogHistogram();
  private startNs = 0;
  private intervalNs = 0;
  private arrivalNs = 0;

  override begin(expectation: Expectation): void {
    super.begin(expectation);
    this.histogram = new LogHistogram();
    this.startNs = expectation.startNs;
    this.intervalNs = expectation.intervalNs;
  }

  override take(bytes: Uint8Array, at: number, lengthBytes: number): void {
    const place = this.check(bytes, at, lengthBytes);
    if (place < 0) return;
    if (this.fresh) {
      this.fresh = false;
      this.arrivalNs = monotonicNs();
    }
    // Two threads read one clock to about 0.1 µs, so a packet may seem to come that much too early.
    this.histogram.recordValue(Math.max(0, this.arrivalNs - this.startNs - place * this.intervalNs));
  }

  override latencies(): LogHistogram {
    return this.histogram;
  }
}

/** Makes the sink for a run. @param paced whether packets have due times, so that latencies mean something */
export function makeSink(touch: Touch, sees: "frame" | "payload", port: number, paced: boolean): Sink {
  if (paced) return new LatencySink(sees, port);
  if (touch === "nothing") return new NothingSink(sees, port, touch);
  return touch === "headers" ? new HeaderSink(sees, port) : new ByteSink(sees, port, touch);
}
