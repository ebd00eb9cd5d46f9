// Ethernet says whom a frame is for and what is in it. On a wire of two nearly all are for us; a switch that has not learned yet sends others'.
import * as packet from "../packet/index.js";
import type { StackCounters } from "./counters.js";
import { viewOf } from "./wire.js";

// Asked for in every frame, so they are constants of this file: an imported one is looked up at every use.
const HEADER_BYTES: number = packet.ETHERNET_HEADER_BYTES;
const { ipv4: TYPE_IPV4, arp: TYPE_ARP } = packet.ETHER_TYPE;

/** What takes the inside of a frame. @param start byte offset behind the Ethernet header @param view the same bytes, for numbers of 16 and 32 bits */
export interface FrameReader {
  input(bytes: Uint8Array, start: number, end: number, view: DataView): void;
}

/** What Ethernet needs to know of the stack it belongs to. */
export interface EthernetHost {
  readonly mac: Uint8Array;
  readonly counters: StackCounters;
  readonly ipv4: FrameReader;
  readonly arp: FrameReader;
}

/** @source RFC 894; RFC 1122 section 2 */
export class Ethernet {
  private readonly host: EthernetHost;
  /** Our MAC address: its first four bytes, and the other two. */
  private readonly macStart: number;
  private readonly macEnd: number;
  /** What arrives lies in the same memory as what came before it, nearly always. */
  private arriving: Uint8Array;
  private arrivingView: DataView;

  constructor(host: EthernetHost) {
    this.host = host;
    this.arriving = host.mac;
    this.arrivingView = viewOf(host.mac);
    this.macStart = this.arrivingView.getInt32(0);
    this.macEnd = this.arrivingView.getUint16(4);
  }

  /** Takes one frame. Whatever is in it, this neither throws nor loops. */
  input(bytes: Uint8Array, start: number, end: number): void {
    const { host } = this;
    const { drops } = host.counters;
    host.counters.framesIn++;
    if (end - start < HEADER_BYTES) {
      drops.frameTooShort++;
      return;
    }
    const view = this.viewArriving(bytes);
    // A group's frame (the first byte is odd) may ask for us by ARP; another host's is not for us. RFC 1122 section 2.4
    const isGroup = (bytes[start] & 1) !== 0;
    if (!isGroup && !this.isOurs(view, start)) {
      drops.otherMac++;
      return;
    }
    const etherType = view.getUint16(start + 12);
    // To all and yet to one: silence, or whoever sends it makes all hosts answer. RFC 1122 section 3.3.6
    if (etherType === TYPE_IPV4 && isGroup) drops.ipNotForUs++;
    else if (etherType === TYPE_IPV4) host.ipv4.input(bytes, start + HEADER_BYTES, end, view);
    else if (etherType === TYPE_ARP) host.arp.input(bytes, start + HEADER_BYTES, end, view);
    else drops.otherEtherType++;
  }

  private isOurs(view: DataView, start: number): boolean {
    return view.getInt32(start) === this.macStart && view.getUint16(start + 4) === this.macEnd;
  }

  private viewArriving(bytes: Uint8Array): DataView {
    if (bytes !== this.arriving) {
      this.arriving = bytes;
      this.arrivingView = viewOf(bytes);
    }
    return this.arrivingView;
  }
}
