// ARP answers for our address and asks for others'. An answer goes to whoever asked; what the asker says of
// itself is believed, for it is about to send us something.
import { ARP_BYTES, ARP_FIELDS, ArpView, ETHER_TYPE, ETHERNET_HEADER_BYTES } from "../packet/index.js";
import { copyBytes } from "./copy.js";
import type { StackCounters } from "./counters.js";
import type { FrameLink } from "./link.js";
import { NeighbourCache } from "./neighbours.js";
import type { Timers } from "./timers.js";
import { put16, put32 } from "./wire.js";

const REQUEST = 1;
const REPLY = 2;
/** Ethernet's shortest frame without its check sequence. */
const LEAST_FRAME = 60;
const BROADCAST: Uint8Array = new Uint8Array(6).fill(0xff);
const NOBODY: Uint8Array = new Uint8Array(6);

/** What ARP needs to know of the stack it belongs to. */
export interface ArpHost {
  readonly link: FrameLink;
  readonly mac: Uint8Array;
  readonly address: number;
  readonly counters: StackCounters;
  readonly timers: Timers;
  /** A host of this wire does not answer. */
  hostUnreachable(address: number): void;
}

/** Address resolution for IPv4 over Ethernet. @source RFC 826; RFC 1122 section 2.3.2 */
export class Arp {
  readonly neighbours: NeighbourCache;
  private readonly host: ArpHost;
  private readonly view = new ArpView();

  constructor(host: ArpHost) {
    this.host = host;
    this.neighbours = new NeighbourCache(host.timers, {
      ask: (address) => this.emit(REQUEST, BROADCAST, NOBODY, 0, address),
      send: (frame, mac) => this.sendHeld(frame, mac),
      unreachable: (address) => host.hostUnreachable(address),
      dropped: (frames) => {
        host.counters.drops.noNeighbour += frames;
      },
    });
  }

  /** Takes an ARP packet. @param start byte offset behind the Ethernet header */
  input(bytes: Uint8Array, start: number, end: number): void {
    const { counters, address } = this.host;
    const packet = this.view.at(bytes, start);
    if (end - start < ARP_BYTES || !packet.isIpv4OverEthernet) {
      counters.drops.arpMalformed++;
      return;
    }
    const sender = packet.senderIp;
    const senderMac = start + ARP_FIELDS.senderMac.offset;
    // A claim to our own address, or from a group's MAC address, is no neighbour. RFC 5227 section 2.4 is left out.
    if (sender === address || (bytes[senderMac] & 1) !== 0) return;
    const forUs = packet.targetIp === address;
    // Address 0 probes before it owns anything: answered, not remembered. RFC 5227 section 2.1.1
    if (sender !== 0) this.neighbours.learn(sender, bytes, senderMac, forUs && packet.operation === REQUEST);
    if (forUs && packet.operation === REQUEST) this.emit(REPLY, bytes, bytes, senderMac, sender);
  }

  private emit(
    operation: number,
    ethernetTo: Uint8Array,
    targetMac: Uint8Array,
    macAt: number,
    targetIp: number,
  ): void {
    const { link, mac, address, counters } = this.host;
    const start = link.reserve(LEAST_FRAME);
    if (start < 0) {
      counters.drops.linkFull++;
      return;
    }
    const { bytes } = link;
    const at = start + ETHERNET_HEADER_BYTES;
    copyBytes(ethernetTo, operation === REPLY ? macAt : 0, 6, bytes, start);
    copyBytes(mac, 0, 6, bytes, start + 6);
    put16(bytes, start + 12, ETHER_TYPE.arp);
    put16(bytes, at + ARP_FIELDS.hardwareType.offset, 1);
    put16(bytes, at + ARP_FIELDS.protocolType.offset, ETHER_TYPE.ipv4);
    bytes[at + ARP_FIELDS.hardwareLength.offset] = 6;
    bytes[at + ARP_FIELDS.protocolLength.offset] = 4;
    put16(bytes, at + ARP_FIELDS.operation.offset, operation);
    copyBytes(mac, 0, 6, bytes, at + ARP_FIELDS.senderMac.offset);
    put32(bytes, at + ARP_FIELDS.senderIp.offset, address);
    copyBytes(targetMac, macAt, 6, bytes, at + ARP_FIELDS.targetMac.offset);
    put32(bytes, at + ARP_FIELDS.targetIp.offset, targetIp);
    bytes.fill(0, at + ARP_BYTES, start + LEAST_FRAME);
    link.submit(start, LEAST_FRAME);
    counters.framesOut++;
  }

  private sendHeld(frame: Uint8Array, mac: Uint8Array): void {
    const { link, counters } = this.host;
    const start = link.reserve(frame.length);
    if (start < 0) {
      counters.drops.linkFull++;
      return;
    }
    link.bytes.set(frame, start);
    copyBytes(mac, 0, 6, link.bytes, start);
    link.submit(start, frame.length);
    counters.framesOut++;
  }
}
