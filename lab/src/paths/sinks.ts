// The kinds of sink, from the one that touches nothing to the one that reads every byte; and the one that keeps latencies.
import { ETHER_TYPE, IP_PROTOCOL } from "../packet/index.js";
import { LogHistogram } from "../stats/index.js";
import { monotonicNs } from "../sys/index.js";
import { type Expectation, HEADER_BYTES, Sink, SLOT, type Touch } from "./sink.js";

// An imported name is looked up each time it is used, for another module might change it; a constant of this file is compiled in. For a
// packet that makes a difference of 3 ns in 16.
const AT = SLOT;
const HEADERS = HEADER_BYTES;
const IPV4 = ETHER_TYPE.ipv4;
const UDP = IP_PROTOCOL.udp;
/** A packet of the load begins with its number. */
const NUMBER_BYTES = 8;

/** Touches nothing: what a path costs by itself. It cannot tell one packet from another. */
class NothingSink extends Sink {
  override take(_bytes: Uint8Array, _at: number, lengthBytes: number): void {
    this.counts[AT.packets] += 1;
    this.counts[AT.bytes] += lengthBytes + this.hidden;
  }
}

/** Reads what a program must read to know whose packet it is, and the packet's number. */
class HeaderSink extends Sink {
  protected readonly port: number;
  /** Where the last packet lay, and a view that reads a whole field of it: on most paths all packets lie in the same memory. */
  private memory: Uint8Array = new Uint8Array(0);
  private view: DataView = new DataView(this.memory.buffer);

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
    if (bytes !== this.memory) this.look(bytes);
    if (this.hidden === 0 ? !this.isLoad(at, lengthBytes) : lengthBytes < NUMBER_BYTES) {
      count[AT.foreign] += 1;
      return -1;
    }
    const number = at + HEADERS - this.hidden + 4; // the lower half of the u64: a run is shorter than 2^32
    const sequence = this.view.getUint32(number);
    const next = count[AT.next];
    if (sequence === next) {
      count[AT.next] = next + 1;
    } else if (sequence > next) {
      count[AT.missing] += sequence - next;
      count[AT.next] = sequence + 1;
    } else {
      count[AT.missing] -= 1;
      count[AT.behind] += 1;
    }
    const place = sequence - count[AT.first];
    count[AT.packets] += 1;
    count[AT.bytes] += lengthBytes + this.hidden;
    count[AT.sum] += place;
    return place;
  }

  /** IPv4, UDP, our port: what the kernel checks for a socket, a program on raw frames checks itself. */
  private isLoad(at: number, lengthBytes: number): boolean {
    const { view } = this;
    return (
      lengthBytes >= HEADERS + NUMBER_BYTES &&
      view.getUint16(at + 12) === IPV4 &&
      view.getUint8(at + 23) === UDP &&
      view.getUint16(at + 36) === this.port
    );
  }

  private look(bytes: Uint8Array): void {
    this.memory = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }
}

/** Reads every byte, as a program does that computes a checksum or copies the packet on. */
class ByteSink extends HeaderSink {
  override take(bytes: Uint8Array, at: number, lengthBytes: number): void {
    if (this.check(bytes, at, lengthBytes) < 0) return;
    let sum = 0;
    for (let i = at; i < at + lengthBytes; i++) sum = (sum + bytes[i]) | 0;
    this.counts[AT.byteSum] = (this.counts[AT.byteSum] + sum) % 2 ** 32;
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
