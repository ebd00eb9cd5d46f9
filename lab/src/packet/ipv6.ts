// IPv6 has a header of one size, no checksum, and addresses of 16 bytes. What
// IPv4 kept in options stands in extension headers, chained by "next header"
// before the upper-layer protocol, so finding UDP means walking the chain.

import { ipv6FromText, ipv6ToText } from "./address.js";
import {
  defineBits,
  defineField,
  type FieldTable,
  HeaderView,
  locateField,
  readField,
  readField8,
  readField16,
  writeField,
} from "./field.js";
import { FieldError, LOOK_AT_TYPE } from "./field-error.js";
import { protocolToText } from "./numbers.js";

// Field table

type Ipv6Key =
  | "version"
  | "trafficClass"
  | "flowLabel"
  | "payloadLength"
  | "nextHeader"
  | "hopLimit"
  | "source"
  | "destination";

export const IPV6_FIELDS: FieldTable<Ipv6Key> = {
  version: defineBits("ipv6.version", 0, 4, 28, 4, "RFC 8200 section 3"),
  trafficClass: defineBits("ipv6.trafficClass", 0, 4, 20, 8, "RFC 8200 section 7", "hex"),
  flowLabel: defineBits("ipv6.flowLabel", 0, 4, 0, 20, "RFC 8200 section 6", "hex"),
  payloadLength: defineField("ipv6.payloadLength", 4, 2, "RFC 8200 section 3"),
  nextHeader: defineField("ipv6.nextHeader", 6, 1, "RFC 8200 section 3"),
  hopLimit: defineField("ipv6.hopLimit", 7, 1, "RFC 8200 section 3"),
  source: defineField("ipv6.source", 8, 16, "RFC 8200 section 3", "ipv6"),
  destination: defineField("ipv6.destination", 24, 16, "RFC 8200 section 3", "ipv6"),
};

/** Bytes of an IPv6 header, extension headers not counted. */
export const IPV6_HEADER_BYTES = 40;

// View

/** An IPv6 header in place; an address is read as four words of 32 defineBits, so that nothing is allocated. */
export class Ipv6View extends HeaderView {
  get version(): number {
    return readField(this.bytes, this.start, IPV6_FIELDS.version);
  }
  get trafficClass(): number {
    return readField(this.bytes, this.start, IPV6_FIELDS.trafficClass);
  }
  get flowLabel(): number {
    return readField(this.bytes, this.start, IPV6_FIELDS.flowLabel);
  }
  /** Bytes behind this header, extension headers included. */
  get payloadLength(): number {
    return readField16(this.bytes, this.start, IPV6_FIELDS.payloadLength);
  }
  get nextHeader(): number {
    return readField8(this.bytes, this.start, IPV6_FIELDS.nextHeader);
  }
  get hopLimit(): number {
    return readField8(this.bytes, this.start, IPV6_FIELDS.hopLimit);
  }
}

// Representation

/** An IPv6 header in host order. */
export interface Ipv6Header {
  trafficClass: number;
  flowLabel: number;
  /** Bytes behind this header. */
  payloadLength: number;
  /** The first extension header, or the upper-layer protocol. */
  nextHeader: number;
  hopLimit: number;
  source: string;
  destination: string;
}

/**
 * Reads an IPv6 header.
 *
 * @param bytes the frame
 * @param start byte offset of the header
 * @throws FieldError where the frame is too short or the version is not 6
 */
export function parseIpv6(bytes: Uint8Array, start = 0): Ipv6Header {
  const view = new Ipv6View(bytes, start);
  if (view.version !== 6)
    throw new FieldError("ipv6.version", start, `it says ${view.version}, not 6`, LOOK_AT_TYPE);
  return {
    trafficClass: view.trafficClass,
    flowLabel: view.flowLabel,
    payloadLength: view.payloadLength,
    nextHeader: view.nextHeader,
    hopLimit: view.hopLimit,
    source: ipv6ToText(bytes, locateField(bytes, start, IPV6_FIELDS.source)),
    destination: ipv6ToText(bytes, locateField(bytes, start, IPV6_FIELDS.destination)),
  };
}

/**
 * Writes an IPv6 header in place; the payload length is written as given.
 *
 * @returns byte offset after the header
 * @throws FieldError where the frame is too short or a value too wide
 */
export function emitIpv6(header: Ipv6Header, bytes: Uint8Array, start = 0): number {
  const put = (key: Ipv6Key, value: number): void => writeField(bytes, start, IPV6_FIELDS[key], value);
  put("version", 6);
  put("trafficClass", header.trafficClass);
  put("flowLabel", header.flowLabel);
  put("payloadLength", header.payloadLength);
  put("nextHeader", header.nextHeader);
  put("hopLimit", header.hopLimit);
  bytes.set(ipv6FromText(header.source), locateField(bytes, start, IPV6_FIELDS.source));
  bytes.set(ipv6FromText(header.destination), locateField(bytes, start, IPV6_FIELDS.destination));
  return start + IPV6_HEADER_BYTES;
}

// Print

/** Says an IPv6 header in a line. */
export function printIpv6(header: Ipv6Header): string {
  const route = `${header.source} -> ${header.destination}`;
  const next = protocolToText(header.nextHeader);
  return `${route}, ${next}, hop limit ${header.hopLimit}, ${header.payloadLength} bytes inside`;
}
