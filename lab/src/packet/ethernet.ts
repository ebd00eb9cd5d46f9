// Ethernet carries everything else: to whom, from whom, and what is inside. The
// preamble before and the check sequence behind belong to the network card; no
// capture, umem frame or XDP program ever sees them.

import { macFromText, macToText } from "./address.js";
import { defineField, type FieldTable, HeaderView, readField, readField16, writeField } from "./field.js";
import { etherTypeToText } from "./numbers.js";

// Field table

export const ETHERNET_FIELDS: FieldTable<"destination" | "source" | "etherType"> = {
  destination: defineField("ethernet.destination", 0, 6, "IEEE 802.3 clause 3.2.4", "mac"),
  source: defineField("ethernet.source", 6, 6, "IEEE 802.3 clause 3.2.5", "mac"),
  etherType: defineField("ethernet.etherType", 12, 2, "IEEE 802.3 clause 3.2.6", "hex"),
};

/** Bytes of an Ethernet header, VLAN tags not counted. */
export const ETHERNET_HEADER_BYTES = 14;

// View

/** An Ethernet header in place; MAC addresses are numbers of 48 bits. */
export class EthernetView extends HeaderView {
  get destination(): number {
    return readField(this.bytes, this.start, ETHERNET_FIELDS.destination);
  }
  get source(): number {
    return readField(this.bytes, this.start, ETHERNET_FIELDS.source);
  }
  get etherType(): number {
    return readField16(this.bytes, this.start, ETHERNET_FIELDS.etherType);
  }
}

// Representation

/** An Ethernet header in host order. */
export interface EthernetHeader {
  destination: string;
  source: string;
  /** What is inside, e.g. 0x0800; below 0x0600 it is a length. */
  etherType: number;
}

/**
 * Reads an Ethernet header.
 *
 * @param bytes the frame
 * @param start byte offset of the header
 * @throws FieldError where the frame is too short
 */
export function parseEthernet(bytes: Uint8Array, start = 0): EthernetHeader {
  const view = new EthernetView(bytes, start);
  return {
    destination: macToText(view.destination),
    source: macToText(view.source),
    etherType: view.etherType,
  };
}

/**
 * Writes an Ethernet header in place.
 *
 * @param header what to write
 * @param bytes the frame
 * @param start byte offset of the header
 * @returns byte offset after the header
 * @throws FieldError where the frame is too short or a value too wide
 */
export function emitEthernet(header: EthernetHeader, bytes: Uint8Array, start = 0): number {
  writeField(bytes, start, ETHERNET_FIELDS.destination, macFromText(header.destination));
  writeField(bytes, start, ETHERNET_FIELDS.source, macFromText(header.source));
  writeField(bytes, start, ETHERNET_FIELDS.etherType, header.etherType);
  return start + ETHERNET_HEADER_BYTES;
}

// Print

/** Says an Ethernet header in a line. */
export function printEthernet(header: EthernetHeader): string {
  return `${header.source} -> ${header.destination}, ${etherTypeToText(header.etherType)}`;
}
