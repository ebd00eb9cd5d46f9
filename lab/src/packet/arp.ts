// ARP asks a whole Ethernet "who has this IPv4 address?" and hears one MAC
// address back. Until it has, no IPv4 packet leaves: a program that drops
// everything drops this first.

import { ipv4FromText, ipv4ToText, macFromText, macToText } from "./address.js";
import {
  defineField,
  type FieldTable,
  HeaderView,
  readField,
  readField8,
  readField16,
  readField32,
  writeField,
} from "./field.js";
import { FieldError } from "./field-error.js";
import { ETHER_TYPE } from "./numbers.js";

// Field table

type ArpKey =
  | "hardwareType"
  | "protocolType"
  | "hardwareLength"
  | "protocolLength"
  | "operation"
  | "senderMac"
  | "senderIp"
  | "targetMac"
  | "targetIp";

export const ARP_FIELDS: FieldTable<ArpKey> = {
  hardwareType: defineField("arp.hardwareType", 0, 2, "RFC 826 Packet format"),
  protocolType: defineField("arp.protocolType", 2, 2, "RFC 826 Packet format", "hex"),
  hardwareLength: defineField("arp.hardwareLength", 4, 1, "RFC 826 Packet format"),
  protocolLength: defineField("arp.protocolLength", 5, 1, "RFC 826 Packet format"),
  operation: defineField("arp.operation", 6, 2, "RFC 826 Packet format"),
  senderMac: defineField("arp.senderMac", 8, 6, "RFC 826 Packet format", "mac"),
  senderIp: defineField("arp.senderIp", 14, 4, "RFC 826 Packet format", "ipv4"),
  targetMac: defineField("arp.targetMac", 18, 6, "RFC 826 Packet format", "mac"),
  targetIp: defineField("arp.targetIp", 24, 4, "RFC 826 Packet format", "ipv4"),
};

/** Bytes of an ARP packet for IPv4 over Ethernet. */
export const ARP_BYTES = 28;

// View

/** An ARP packet for IPv4 over Ethernet in place; check `isIpv4OverEthernet` before reading addresses. */
export class ArpView extends HeaderView {
  /** Whether the four leading fields say Ethernet (1, 6 bytes) and IPv4 (0x0800, 4 bytes). */
  get isIpv4OverEthernet(): boolean {
    return (
      readField16(this.bytes, this.start, ARP_FIELDS.hardwareType) === 1 &&
      readField16(this.bytes, this.start, ARP_FIELDS.protocolType) === ETHER_TYPE.ipv4 &&
      readField8(this.bytes, this.start, ARP_FIELDS.hardwareLength) === 6 &&
      readField8(this.bytes, this.start, ARP_FIELDS.protocolLength) === 4
    );
  }
  get operation(): number {
    return readField16(this.bytes, this.start, ARP_FIELDS.operation);
  }
  get senderMac(): number {
    return readField(this.bytes, this.start, ARP_FIELDS.senderMac);
  }
  get senderIp(): number {
    return readField32(this.bytes, this.start, ARP_FIELDS.senderIp);
  }
  get targetMac(): number {
    return readField(this.bytes, this.start, ARP_FIELDS.targetMac);
  }
  get targetIp(): number {
    return readField32(this.bytes, this.start, ARP_FIELDS.targetIp);
  }
}

// Representation

/** An ARP packet for IPv4 over Ethernet in host order. */
export interface ArpPacket {
  /** 1 asks, 2 answers. */
  operation: number;
  senderMac: string;
  senderIp: string;
  targetMac: string;
  targetIp: string;
}

/**
 * Reads an ARP packet for IPv4 over Ethernet.
 *
 * @param bytes the frame
 * @param start byte offset of the packet
 * @throws FieldError where the frame is too short, or the packet is for other kinds of addresses
 */
export function parseArp(bytes: Uint8Array, start = 0): ArpPacket {
  const view = new ArpView(bytes, start);
  if (!view.isIpv4OverEthernet) {
    const cause = "this packet is not about IPv4 over Ethernet";
    throw new FieldError("arp.hardwareType", start, cause, "ask an ArpView's isIpv4OverEthernet first");
  }
  return {
    operation: view.operation,
    senderMac: macToText(view.senderMac),
    senderIp: ipv4ToText(view.senderIp),
    targetMac: macToText(view.targetMac),
    targetIp: ipv4ToText(view.targetIp),
  };
}

/**
 * Writes an ARP packet for IPv4 over Ethernet in place.
 *
 * @returns byte offset after the packet
 * @throws FieldError where the frame is too short or a value too wide
 */
export function emitArp(packet: ArpPacket, bytes: Uint8Array, start = 0): number {
  writeField(bytes, start, ARP_FIELDS.hardwareType, 1);
  writeField(bytes, start, ARP_FIELDS.protocolType, ETHER_TYPE.ipv4);
  writeField(bytes, start, ARP_FIELDS.hardwareLength, 6);
  writeField(bytes, start, ARP_FIELDS.protocolLength, 4);
  writeField(bytes, start, ARP_FIELDS.operation, packet.operation);
  writeField(bytes, start, ARP_FIELDS.senderMac, macFromText(packet.senderMac));
  writeField(bytes, start, ARP_FIELDS.senderIp, ipv4FromText(packet.senderIp));
  writeField(bytes, start, ARP_FIELDS.targetMac, macFromText(packet.targetMac));
  writeField(bytes, start, ARP_FIELDS.targetIp, ipv4FromText(packet.targetIp));
  return start + ARP_BYTES;
}

// Print

/** Says an ARP packet in a line. */
export function printArp(packet: ArpPacket): string {
  if (packet.operation === 1) return `who has ${packet.targetIp}? tell ${packet.senderIp}`;
  if (packet.operation === 2) return `${packet.senderIp} is at ${packet.senderMac}`;
  return `operation ${packet.operation}, ${packet.senderIp} -> ${packet.targetIp}`;
}
