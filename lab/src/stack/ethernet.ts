// Ethernet says whom a frame is for and what is in it. On a wire of two nearly all are for us; a switch that has not learned yet sends others'.
import { ETHER_TYPE, ETHERNET_HEADER_BYTES } from "../packet/index.js";
import type { StackCounters } from "./counters.js";
import { get16 } from "./wire.js";

/** What takes the inside of a frame. @param start byte offset behind the Ethernet header */
export interface FrameReader {
  input(bytes: Uint8Array, start: number, end: number): void;
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

  constructor(host: EthernetHost) {
    this.host = host;
  }

  /** Takes one frame. Whatever is in it, this neither throws nor loops. */
  input(bytes: Uint8Array, start: number, end: number): void {
    const { host } = this;
    const { drops } = host.counters;
    host.counters.framesIn++;
    if (end - start < ETHERNET_HEADER_BYTES) {
      drops.frameTooShort++;
      return;
    }
    // A group's frame (the first byte is odd) may be for us; another host's is not. RFC 1122 section 2.4
    if ((bytes[start] & 1) === 0 && !this.isOurs(bytes, start)) {
      drops.otherMac++;
      return;
    }
    const etherType = get16(bytes, start + 12);
    if (etherType === ETHER_TYPE.ipv4) host.ipv4.input(bytes, start + ETHERNET_HEADER_BYTES, end);
    else if (etherType === ETHER_TYPE.arp) host.arp.input(bytes, start + ETHERNET_HEADER_BYTES, end);
    else drops.otherEtherType++;
  }

  private isOurs(bytes: Uint8Array, start: number): boolean {
    const { mac } = this.host;
    for (let index = 0; index < 6; index++) if (bytes[start + index] !== mac[index]) return false;
    return true;
  }
}
