// IPv4 takes packets that are for us and hands their insides on, and puts a header in front of what we send.
// It fragments nothing on sending (DF is always set), reassembles within limits, and forwards nothing.
import {
  ETHER_TYPE,
  ETHERNET_HEADER_BYTES,
  foldSum,
  IPV4_FIELDS,
  IPV4_FLAG,
  IPV4_HEADER_BYTES,
  isChecksumRight,
} from "../packet/index.js";
import type { Arp } from "./arp.js";
import { copyBytes } from "./copy.js";
import type { StackCounters } from "./counters.js";
import type { FrameLink } from "./link.js";
import { Reassembly } from "./reassembly.js";
import type { Timers } from "./timers.js";
import { get16, get32, put16, put32 } from "./wire.js";

/** A received packet: one object that serves all of them, good until the call returns. */
export class ReceivedPacket {
  bytes: Uint8Array = new Uint8Array(0);
  /** Byte offset of the IPv4 header. */
  ipStart = 0;
  /** Byte offset of what is inside. */
  start = 0;
  /** Byte offset after it; Ethernet's padding is left out. */
  end = 0;
  /** Addresses are signed here, as sequence numbers are: V8 makes an object of a number beyond 2 ** 31. `>>> 0` for people. */
  source = 0;
  destination = 0;
  protocol = 0;
}

/** What IPv4 needs to know of the stack it belongs to. */
export interface Ipv4Host {
  readonly link: FrameLink;
  readonly mac: Uint8Array;
  readonly address: number;
  /** Ones where the network's part of the address is. */
  readonly mask: number;
  /** 0: none. */
  readonly gateway: number;
  readonly counters: StackCounters;
  readonly timers: Timers;
  deliver(packet: ReceivedPacket): void;
  /** A datagram's fragments did not all come in time; the packet is its first fragment. */
  fragmentsMissing(packet: ReceivedPacket): void;
}

const TTL = 64;
const FRAGMENT_BITS = 0x3fff;

/** @source RFC 791; RFC 1122 section 3 */
export class Ipv4 {
  readonly reassembly: Reassembly;
  /** Memory that the packet begun last is being written into. */
  bytes: Uint8Array;
  private readonly host: Ipv4Host;
  private readonly own: number;
  private readonly arp: Arp;
  private readonly packet = new ReceivedPacket();
  private readonly held: Uint8Array;
  private frameStart = 0;
  private frameBytes = 0;
  private heldFor = 0;
  private isHeld = false;
  private identification = 0;
  /** Of the header's words, the sum of those that are the same in every packet. */
  private readonly fixedSum: number;

  constructor(host: Ipv4Host, arp: Arp) {
    this.host = host;
    this.own = host.address | 0;
    this.fixedSum =
      0x4500 +
      IPV4_HEADER_BYTES +
      (IPV4_FLAG.dontFragment << 13) +
      (TTL << 8) +
      (this.own >>> 16) +
      (this.own & 0xffff);
    this.arp = arp;
    this.bytes = host.link.bytes;
    this.held = new Uint8Array(host.link.mtu + ETHERNET_HEADER_BYTES);
    this.reassembly = new Reassembly(host);
  }

  /** Takes an IPv4 packet. @param start byte offset behind the Ethernet header */
  input(bytes: Uint8Array, start: number, end: number): void {
    const { drops } = this.host.counters;
    if (end - start < IPV4_HEADER_BYTES) {
      drops.ipMalformed++;
      return;
    }
    const headerBytes = (bytes[start] & 15) * 4;
    const packetEnd = start + get16(bytes, start + IPV4_FIELDS.totalLength.offset);
    if (
      bytes[start] >>> 4 !== 4 ||
      headerBytes < IPV4_HEADER_BYTES ||
      start + headerBytes > packetEnd ||
      packetEnd > end
    ) {
      drops.ipMalformed++;
    } else if (!isChecksumRight(bytes, start, start + headerBytes)) {
      drops.ipChecksum++; // RFC 1122 section 3.2.1.2
    } else if (get32(bytes, start + IPV4_FIELDS.destination.offset) !== this.own) {
      drops.ipNotForUs++; // RFC 1122 section 3.2.1.3: a host that does not forward drops it in silence
    } else if (!this.mayBeSource(get32(bytes, start + IPV4_FIELDS.source.offset))) {
      drops.ipSource++; // RFC 1122 section 3.2.1.3
    } else {
      this.accept(bytes, start, headerBytes, packetEnd);
    }
  }

  private accept(bytes: Uint8Array, ipStart: number, headerBytes: number, end: number): void {
    const packet = this.packet;
    packet.bytes = bytes;
    packet.ipStart = ipStart;
    packet.start = ipStart + headerBytes;
    packet.end = end;
    packet.source = get32(bytes, ipStart + IPV4_FIELDS.source.offset);
    packet.destination = this.own;
    packet.protocol = bytes[ipStart + IPV4_FIELDS.protocol.offset];
    const at = ipStart + IPV4_FIELDS.flags.offset;
    if ((get16(bytes, at) & FRAGMENT_BITS) === 0) this.host.deliver(packet);
    else this.reassembly.input(packet);
  }

  private mayBeSource(address: number): boolean {
    const { mask } = this.host;
    const isNetworkBroadcast =
      mask !== -1 && (address | mask) === -1 && ((address ^ this.host.address) & mask) === 0;
    // Groups, class E and the broadcast address lie at 224.0.0.0 and above; 0 and 127 in front name no host of a wire.
    return address >>> 29 !== 7 && address >>> 24 !== 0 && address >>> 24 !== 127 && !isNetworkBroadcast;
  }

  /** @returns The neighbour to give a packet to, signed: the host itself or the gateway; -1 where there is no way. */
  nextHop(destination: number): number {
    const { address, mask, gateway } = this.host;
    if (((destination ^ address) & mask) === 0) return destination | 0;
    return gateway === 0 ? -1 : gateway | 0;
  }

  /**
   * Begins a packet: writes its Ethernet and IPv4 headers. Write what is inside into `bytes`, then call `finish`.
   *
   * @param length bytes of what is inside, at most the link's MTU less 20
   * @returns Byte offset in `bytes` of what is inside, or -1 where there is no way or no room: the packet is lost.
   */
  begin(destination: number, protocol: number, length: number): number {
    const { link, mac, counters } = this.host;
    const hop = this.nextHop(destination);
    if (hop === -1) return -1;
    const to = this.arp.neighbours.find(hop);
    this.frameBytes = ETHERNET_HEADER_BYTES + IPV4_HEADER_BYTES + length;
    this.isHeld = to === null;
    this.heldFor = hop;
    this.frameStart = to === null ? 0 : link.reserve(this.frameBytes);
    if (this.frameStart < 0) {
      counters.drops.linkFull++;
      return -1;
    }
    const bytes = to === null ? this.held : link.bytes;
    this.bytes = bytes;
    if (to !== null) copyBytes(to, 0, 6, bytes, this.frameStart);
    copyBytes(mac, 0, 6, bytes, this.frameStart + 6);
    put16(bytes, this.frameStart + 12, ETHER_TYPE.ipv4);
    const ipStart = this.frameStart + ETHERNET_HEADER_BYTES;
    this.writeHeader(bytes, ipStart, protocol, length, destination);
    return ipStart + IPV4_HEADER_BYTES;
  }

  private writeHeader(bytes: Uint8Array, at: number, protocol: number, length: number, to: number): void {
    bytes[at] = 0x45;
    bytes[at + 1] = 0;
    put16(bytes, at + IPV4_FIELDS.totalLength.offset, IPV4_HEADER_BYTES + length);
    this.identification = (this.identification + 1) & 0xffff; // with DF set any number does: RFC 6864 section 4.1
    put16(bytes, at + IPV4_FIELDS.identification.offset, this.identification);
    put16(bytes, at + IPV4_FIELDS.flags.offset, IPV4_FLAG.dontFragment << 13);
    bytes[at + IPV4_FIELDS.ttl.offset] = TTL;
    bytes[at + IPV4_FIELDS.protocol.offset] = protocol;
    put16(bytes, at + IPV4_FIELDS.checksum.offset, 0);
    put32(bytes, at + IPV4_FIELDS.source.offset, this.own);
    put32(bytes, at + IPV4_FIELDS.destination.offset, to);
    const sum = this.fixedSum + length + this.identification + protocol + (to >>> 16) + (to & 0xffff);
    put16(bytes, at + IPV4_FIELDS.checksum.offset, foldSum(sum) ^ 0xffff);
  }

  /** Sends the packet begun last, or keeps it until its neighbour's address is known. */
  finish(): void {
    const { link, counters } = this.host;
    if (!this.isHeld) {
      link.submit(this.frameStart, this.frameBytes);
      counters.framesOut++;
    } else if (!this.arp.neighbours.hold(this.heldFor, this.held.slice(0, this.frameBytes))) {
      counters.drops.noNeighbour++;
    }
  }
}
