// ICMP answers "are you there?", and tells a sender why his packet reached nobody. Errors about errors would
// never end, so the rules of when to stay silent are longer than those of when to speak.
import {
  ICMP_FIELDS,
  ICMP_HEADER_BYTES,
  ICMP_TYPE,
  IcmpView,
  IP_PROTOCOL,
  IPV4_HEADER_BYTES,
  internetChecksum,
  isChecksumRight,
} from "../packet/index.js";
import type { Clock } from "./clock.js";
import { copyBytes } from "./copy.js";
import type { StackCounters } from "./counters.js";
import type { Ipv4 } from "./ipv4.js";
import type { ReceivedPacket } from "./received-packet.js";
import { get16, get32, put16 } from "./wire.js";

/** Codes of "destination unreachable". @source RFC 792; RFC 1122 section 3.2.2.1 */
export const UNREACHABLE: Readonly<Record<"network" | "host" | "protocol" | "port" | "tooLarge", number>> = {
  network: 0,
  host: 1,
  protocol: 2,
  port: 3,
  tooLarge: 4,
};

const TYPE_UNREACHABLE = 3;
const TYPE_TIME_EXCEEDED = 11;
const REASSEMBLY_TIME = 1;
/** How much of the packet an error quotes behind its header. @source RFC 1812 section 4.3.2.3 (as much as 576 bytes take) */
const QUOTED_BYTES = 576 - IPV4_HEADER_BYTES - ICMP_HEADER_BYTES;
/** Errors that may be sent in a burst, and for each second. @source RFC 1812 section 4.3.2.8 */
const ERROR_BURST = 50;
const ERRORS_PER_SECOND = 100;

/** An error that some router or host reports about a packet of ours. */
export interface IcmpError {
  type: number;
  code: number;
  /** Lower 16 bits of the second word: the next hop's MTU in "too large". @source RFC 1191 section 4 */
  mtu: number;
  protocol: number;
  /** The packet's addressee. */
  destination: number;
  localPort: number;
  remotePort: number;
  /** First 32 bits behind the ports: TCP's sequence number, signed. */
  sequence: number;
}

/** An answer to our ping. */
export interface EchoReply {
  source: number;
  identifier: number;
  sequence: number;
  bytes: Uint8Array;
}

/** What ICMP needs to know of the stack it belongs to. */
export interface IcmpHost {
  readonly ipv4: Ipv4;
  readonly clock: Clock;
  readonly mtu: number;
  readonly counters: StackCounters;
  icmpError(error: IcmpError): void;
  echoReply(reply: EchoReply): void;
}

/** @source RFC 792; RFC 1122 section 3.2.2 */
export class Icmp {
  private readonly host: IcmpHost;
  private readonly view = new IcmpView();
  private tokens: number = ERROR_BURST;
  private tokensMs = 0;

  constructor(host: IcmpHost) {
    this.host = host;
  }

  input(packet: ReceivedPacket): void {
    const { bytes, start, end } = packet;
    const { drops } = this.host.counters;
    if (end - start < ICMP_HEADER_BYTES) {
      drops.icmpMalformed++;
      return;
    }
    if (!isChecksumRight(bytes, start, end)) {
      drops.icmpChecksum++;
      return;
    }
    const { type } = this.view.at(bytes, start);
    if (type === ICMP_TYPE.echoRequest) this.answer(packet);
    else if (type === ICMP_TYPE.echoReply) this.report(packet);
    else if (type === TYPE_UNREACHABLE || type === TYPE_TIME_EXCEEDED) this.readError(packet);
    // Everything else is ignored: RFC 1122 section 3.2.2
  }

  /** Echoes every byte. @source RFC 1122 section 3.2.2.6 */
  private answer({ bytes, start, end, source }: ReceivedPacket): void {
    const length = end - start;
    if (length + IPV4_HEADER_BYTES > this.host.mtu) return; // reassembled, and we do not fragment
    this.emit(source, ICMP_TYPE.echoReply, 0, get32(bytes, start + 4), bytes, start + ICMP_HEADER_BYTES, end);
  }

  private report({ bytes, start, end, source }: ReceivedPacket): void {
    const { identifier, sequence } = this.view;
    this.host.echoReply({
      source: source >>> 0,
      identifier,
      sequence,
      bytes: bytes.slice(start + ICMP_HEADER_BYTES, end),
    });
  }

  /** Asks a host whether it is there; the answer goes to the stack's `onEchoReply`. */
  ping(to: number, identifier: number, sequence: number, payload: Uint8Array): void {
    this.emit(to, ICMP_TYPE.echoRequest, 0, (identifier << 16) | sequence, payload, 0, payload.length);
  }

  private readError({ bytes, start, end }: ReceivedPacket): void {
    const quoted = start + ICMP_HEADER_BYTES;
    const headerBytes = (bytes[quoted] & 15) * 4;
    const inside = quoted + headerBytes;
    if (quoted + IPV4_HEADER_BYTES > end || headerBytes < IPV4_HEADER_BYTES || inside + 8 > end) {
      this.host.counters.drops.icmpMalformed++;
      return;
    }
    this.host.icmpError({
      type: bytes[start],
      code: bytes[start + 1],
      mtu: get16(bytes, start + 6),
      protocol: bytes[quoted + 9],
      destination: get32(bytes, quoted + 16) >>> 0,
      localPort: get16(bytes, inside),
      remotePort: get16(bytes, inside + 2),
      sequence: get32(bytes, inside + 4),
    });
  }

  /** Tells a sender that his packet reached nobody. @param code one of `UNREACHABLE` */
  sendUnreachable(packet: ReceivedPacket, code: number): void {
    this.sendError(packet, TYPE_UNREACHABLE, code);
  }

  /** Tells a sender that a part of his packet did not come. */
  sendReassemblyTime(packet: ReceivedPacket): void {
    this.sendError(packet, TYPE_TIME_EXCEEDED, REASSEMBLY_TIME);
  }

  private sendError(packet: ReceivedPacket, type: number, code: number): void {
    const { bytes, ipStart, start, end } = packet;
    // Never about an ICMP error, and not faster than the bucket fills. RFC 1122 section 3.2.2. What was sent to a group,
    // by Ethernet or IP, and later fragments do not come this far.
    if (packet.protocol === IP_PROTOCOL.icmp && bytes[start] !== ICMP_TYPE.echoRequest) return;
    if (!this.takeToken()) return;
    this.emit(packet.source, type, code, 0, bytes, ipStart, Math.min(end, ipStart + QUOTED_BYTES));
  }

  private takeToken(): boolean {
    const now = this.host.clock.nowMs();
    this.tokens = Math.min(ERROR_BURST, this.tokens + ((now - this.tokensMs) / 1000) * ERRORS_PER_SECOND);
    this.tokensMs = now;
    if (this.tokens < 1) return false;
    this.tokens--;
    return true;
  }

  private emit(
    to: number,
    type: number,
    code: number,
    word: number,
    from: Uint8Array,
    start: number,
    end: number,
  ): void {
    const length = ICMP_HEADER_BYTES + end - start;
    const at = this.host.ipv4.begin(to, IP_PROTOCOL.icmp, length);
    if (at < 0) return;
    const { bytes } = this.host.ipv4;
    bytes[at] = type;
    bytes[at + 1] = code;
    put16(bytes, at + ICMP_FIELDS.checksum.offset, 0);
    put16(bytes, at + ICMP_FIELDS.identifier.offset, word >>> 16);
    put16(bytes, at + ICMP_FIELDS.sequence.offset, word);
    copyBytes(from, start, end - start, bytes, at + ICMP_HEADER_BYTES);
    put16(bytes, at + ICMP_FIELDS.checksum.offset, internetChecksum(bytes, at, at + length));
    this.host.ipv4.finish();
  }
}
