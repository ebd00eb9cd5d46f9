// A datagram that was cut on its way is put together again here. Everything about it is bounded, because
// anybody can send first pieces of datagrams that never end: so many at a time, so large, for so long. Pieces
// that overlap in part are an attack more often than an accident, so they cost the whole datagram; one of which all is there already
// is a duplicate, and the bytes that came first stay.
import { IPV4_FIELDS, IPV4_FLAG, IPV4_HEADER_BYTES, Ipv4View } from "../packet/index.js";
import type { StackCounters } from "./counters.js";
import { ReceivedPacket } from "./received-packet.js";
import { Timer, type Timers } from "./timers.js";
import { viewOf } from "./wire.js";

/** Datagrams in the making at one time. */
export const REASSEMBLY_LIMIT = 16;
/** How long the pieces of one may take. @source RFC 1122 section 3.3.2 (60 to 120 s) */
const REASSEMBLY_MS = 60_000;
/** Pieces of one datagram; 65 535 bytes in pieces of 576 make 120. */
const PIECE_LIMIT = 256;
const LARGEST = 65_535 - IPV4_HEADER_BYTES;

/** What reassembly needs to know of the stack. */
export interface ReassemblyHost {
  readonly counters: StackCounters;
  readonly timers: Timers;
  deliver(packet: ReceivedPacket): void;
  fragmentsMissing(packet: ReceivedPacket): void;
}

interface Partial {
  source: number;
  destination: number;
  protocol: number;
  identification: number;
  /** A header of 20 bytes, then the data. */
  bytes: Uint8Array;
  /** Pieces so far as [start, end) in the data, in order. */
  pieces: [number, number][];
  /** Bytes of data in all; -1 until the last piece has come. */
  total: number;
  timer: Timer;
}

/** @source RFC 791 section 3.2; RFC 815; RFC 1122 section 3.3.2 */
export class Reassembly {
  private readonly partials: Partial[] = [];
  private readonly host: ReassemblyHost;
  private readonly view = new Ipv4View();
  private readonly whole = new ReceivedPacket();

  constructor(host: ReassemblyHost) {
    this.host = host;
  }

  /** Datagrams in the making. */
  get size(): number {
    return this.partials.length;
  }

  /** Takes a fragment, and delivers the datagram that it completes. */
  input(packet: ReceivedPacket): void {
    const header = this.view.at(packet.bytes, packet.ipStart);
    const start = header.fragmentOffset * 8;
    const length = packet.end - packet.start;
    const more = (header.flags & IPV4_FLAG.moreFragments) !== 0;
    const { drops } = this.host.counters;
    if (length === 0 || (more && length % 8 !== 0) || start + length > LARGEST) {
      drops.fragmentMalformed++;
      return;
    }
    const partial = this.find(packet, header.identification) ?? this.open(packet, header.identification);
    if (partial === null) {
      drops.fragmentLimit++;
      return;
    }
    const verdict = this.place(partial, start, start + length, more);
    if (verdict === "refuse") {
      drops.fragmentOverlap++;
      this.forget(partial);
    } else if (verdict === "new") {
      this.copy(partial, packet, start, length);
      if (
        partial.pieces.length === 1 &&
        partial.pieces[0][0] === 0 &&
        partial.pieces[0][1] === partial.total
      ) {
        this.finish(partial);
      }
    }
  }

  private find(packet: ReceivedPacket, identification: number): Partial | undefined {
    return this.partials.find(
      (partial) =>
        partial.identification === identification &&
        partial.source === packet.source &&
        partial.destination === packet.destination &&
        partial.protocol === packet.protocol,
    );
  }

  private open(packet: ReceivedPacket, identification: number): Partial | null {
    if (this.partials.length >= REASSEMBLY_LIMIT) return null;
    const partial: Partial = {
      source: packet.source,
      destination: packet.destination,
      protocol: packet.protocol,
      identification,
      bytes: new Uint8Array(2048),
      pieces: [],
      total: -1,
      timer: new Timer(this.host.timers, () => this.expire(partial)),
    };
    partial.timer.start(REASSEMBLY_MS);
    this.partials.push(partial);
    return partial;
  }

  /** Notes a piece, joined with its neighbours. A piece that came before in the same shape is a duplicate, not an overlap. */
  private place(partial: Partial, start: number, end: number, more: boolean): "new" | "old" | "refuse" {
    const { pieces } = partial;
    if (pieces.some((piece) => piece[0] <= start && end <= piece[1])) return "old";
    const known = pieces.length === 0 ? 0 : pieces[pieces.length - 1][1];
    if (pieces.some((piece) => piece[0] < end && start < piece[1]) || pieces.length >= PIECE_LIMIT)
      return "refuse";
    if (!more) {
      if ((partial.total !== -1 && partial.total !== end) || known > end) return "refuse";
      partial.total = end;
    } else if (partial.total !== -1 && end > partial.total) return "refuse";
    const at = pieces.findIndex((piece) => piece[0] >= end);
    const index = at < 0 ? pieces.length : at;
    pieces.splice(index, 0, [start, end]);
    join(pieces, index + 1);
    join(pieces, index);
    return "new";
  }

  private copy(partial: Partial, packet: ReceivedPacket, start: number, length: number): void {
    const need = IPV4_HEADER_BYTES + start + length;
    if (need > partial.bytes.length) {
      const larger = new Uint8Array(Math.max(need, Math.min(2 * partial.bytes.length, 65_535)));
      larger.set(partial.bytes);
      partial.bytes = larger;
    }
    partial.bytes.set(packet.bytes.subarray(packet.start, packet.start + length), IPV4_HEADER_BYTES + start);
    if (start === 0)
      partial.bytes.set(packet.bytes.subarray(packet.ipStart, packet.ipStart + IPV4_HEADER_BYTES));
  }

  private finish(partial: Partial): void {
    this.forget(partial);
    this.host.deliver(this.asPacket(partial, partial.total));
  }

  private asPacket(partial: Partial, length: number): ReceivedPacket {
    const packet = this.whole;
    const { bytes } = partial;
    const totalLength = IPV4_HEADER_BYTES + length;
    bytes[0] = 0x45;
    bytes[IPV4_FIELDS.totalLength.offset] = totalLength >>> 8;
    bytes[IPV4_FIELDS.totalLength.offset + 1] = totalLength;
    bytes[IPV4_FIELDS.flags.offset] = 0;
    bytes[IPV4_FIELDS.flags.offset + 1] = 0;
    packet.bytes = bytes;
    packet.view = viewOf(bytes);
    packet.ipStart = 0;
    packet.start = IPV4_HEADER_BYTES;
    packet.end = totalLength;
    packet.source = partial.source;
    packet.destination = partial.destination;
    packet.protocol = partial.protocol;
    return packet;
  }

  private expire(partial: Partial): void {
    this.host.counters.drops.fragmentTimeout++;
    this.forget(partial);
    const first = partial.pieces[0];
    // Without its first piece nobody knows whose it was. RFC 792 Time Exceeded; RFC 1122 section 3.2.2.4
    if (first?.[0] === 0) this.host.fragmentsMissing(this.asPacket(partial, first[1]));
  }

  private forget(partial: Partial): void {
    partial.timer.remove();
    this.partials.splice(this.partials.indexOf(partial), 1);
  }
}

/** Joins a piece with the one before it, where they touch. */
function join(pieces: [number, number][], index: number): void {
  if (index < 1 || index >= pieces.length || pieces[index - 1][1] !== pieces[index][0]) return;
  pieces[index - 1][1] = pieces[index][1];
  pieces.splice(index, 1);
}
