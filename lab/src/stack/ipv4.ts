// IPv4 takes packets that are for us and hands their insides on, and puts a header in front of what we send.
// It fragments nothing on sending (DF is always set), reassembles within limits, and forwards nothing.
import * as packet from "../packet/index.js";
import type { Arp } from "./arp.js";
import type { StackCounters } from "./counters.js";
import type { FrameLink } from "./link.js";
import { Reassembly } from "./reassembly.js";
import { ReceivedPacket } from "./received-packet.js";
import { foldShortSum, sumOfHalves, sumOfPiece } from "./sum.js";
import type { Timers } from "./timers.js";
import { viewOf } from "./wire.js";

// What every packet asks for is a constant of this file: an imported one is looked up at every use.
const { ETHERNET_HEADER_BYTES, IPV4_HEADER_BYTES } = packet;
const TYPE_IPV4: number = packet.ETHER_TYPE.ipv4;
const VERSION_AT: number = packet.IPV4_FIELDS.version.offset;
const LENGTH_AT: number = packet.IPV4_FIELDS.totalLength.offset;
const FLAGS_AT: number = packet.IPV4_FIELDS.flags.offset;
const PROTOCOL_AT: number = packet.IPV4_FIELDS.protocol.offset;
const SOURCE_AT: number = packet.IPV4_FIELDS.source.offset;
const DESTINATION_AT: number = packet.IPV4_FIELDS.destination.offset;
const DONT_FRAGMENT: number = packet.IPV4_FLAG.dontFragment << 13;
const TTL = 64;
const FRAGMENT_BITS = 0x3fff;

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

/** @source RFC 791; RFC 1122 section 3 */
export class Ipv4 {
  readonly reassembly: Reassembly;
  /** Memory that the packet begun last is being written into. */
  bytes: Uint8Array;
  /** The same memory, for numbers of 16 and 32 bits. */
  view: DataView;
  private readonly host: Ipv4Host;
  /** Our address, signed. */
  readonly own: number;
  private readonly arp: Arp;
  private readonly packet = new ReceivedPacket();
  private readonly linkView: DataView;
  private readonly held: Uint8Array;
  private readonly heldView: DataView;
  /** Our MAC address: its first two bytes, and the other four. */
  private readonly macStart: number;
  private readonly macEnd: number;
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
    this.fixedSum = 0x4500 + IPV4_HEADER_BYTES + DONT_FRAGMENT + (TTL << 8) + sumOfHalves(this.own);
    this.arp = arp;
    this.bytes = host.link.bytes;
    this.linkView = viewOf(this.bytes);
    this.view = this.linkView;
    this.held = new Uint8Array(host.link.mtu + ETHERNET_HEADER_BYTES);
    this.heldView = viewOf(this.held);
    const mac = viewOf(host.mac);
    this.macStart = mac.getUint16(0);
    this.macEnd = mac.getInt32(2);
    this.reassembly = new Reassembly(host);
  }

  /** Takes an IPv4 packet. @param start byte offset behind the Ethernet header @param view the same bytes */
  input(bytes: Uint8Array, start: number, end: number, view: DataView): void {
    const { drops } = this.host.counters;
    if (end - start < IPV4_HEADER_BYTES) {
      drops.ipMalformed++;
      return;
    }
    const version = bytes[start + VERSION_AT];
    const headerBytes = (version & 15) * 4;
    const packetEnd = start + view.getUint16(start + LENGTH_AT);
    if (
      version >>> 4 !== 4 ||
      headerBytes < IPV4_HEADER_BYTES ||
      start + headerBytes > packetEnd ||
      packetEnd > end
    ) {
      drops.ipMalformed++;
    } else if (foldShortSum(sumOfPiece(bytes, view, start, start + headerBytes)) !== 0xffff) {
      drops.ipChecksum++; // RFC 1122 section 3.2.1.2
    } else if (view.getInt32(start + DESTINATION_AT) !== this.own) {
      drops.ipNotForUs++; // RFC 1122 section 3.2.1.3: a host that does not forward drops it in silence
    } else if (!this.mayBeSource(view.getInt32(start + SOURCE_AT))) {
      drops.ipSource++; // RFC 1122 section 3.2.1.3
    } else {
      this.accept(bytes, view, start, headerBytes, packetEnd);
    }
  }

  private accept(bytes: Uint8Array, view: DataView, ipStart: number, headerBytes: number, end: number): void {
    const packet = this.packet;
    packet.bytes = bytes;
    packet.view = view;
    packet.ipStart = ipStart;
    packet.start = ipStart + headerBytes;
    packet.end = end;
    packet.source = view.getInt32(ipStart + SOURCE_AT);
    packet.destination = this.own;
    packet.protocol = bytes[ipStart + PROTOCOL_AT];
    if ((view.getUint16(ipStart + FLAGS_AT) & FRAGMENT_BITS) === 0) this.host.deliver(packet);
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
    const { link, counters } = this.host;
    const hop = this.nextHop(destination);
    if (hop === -1) return -1;
    const to = this.arp.neighbours.find(hop);
    this.frameBytes = ETHERNET_HEADER_BYTES + IPV4_HEADER_BYTES + length;
    this.isHeld = to === null;
    this.heldFor = hop;
    const at = to === null ? 0 : link.reserve(this.frameBytes);
    this.frameStart = at;
    if (at < 0) {
      counters.drops.linkFull++;
      return -1;
    }
    this.bytes = to === null ? this.held : link.bytes;
    const view = to === null ? this.heldView : this.linkView;
    this.view = view;
    view.setInt32(at, to === null ? 0 : to.macStart);
    view.setInt32(at + 4, ((to === null ? 0 : to.macEnd) << 16) | this.macStart);
    view.setInt32(at + 8, this.macEnd);
    view.setUint16(at + 12, TYPE_IPV4);
    this.writeHeader(view, at + ETHERNET_HEADER_BYTES, protocol, length, destination);
    return at + ETHERNET_HEADER_BYTES + IPV4_HEADER_BYTES;
  }

  /** Its five words. @source RFC 791 section 3.1 */
  private writeHeader(view: DataView, at: number, protocol: number, length: number, to: number): void {
    const id = (this.identification + 1) & 0xffff; // with DF set any number does: RFC 6864 section 4.1
    this.identification = id;
    const sum = this.fixedSum + length + id + protocol + sumOfHalves(to);
    view.setInt32(at, 0x45000000 | (IPV4_HEADER_BYTES + length));
    view.setInt32(at + 4, (id << 16) | DONT_FRAGMENT);
    view.setInt32(at + 8, (TTL << 24) | (protocol << 16) | (foldShortSum(sum) ^ 0xffff));
    view.setInt32(at + SOURCE_AT, this.own);
    view.setInt32(at + DESTINATION_AT, to);
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
