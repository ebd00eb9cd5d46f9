// IPv4 says which host, how far (time to live), what is inside, and how long the
// packet is, which matters: Ethernet pads short frames, and only this length
// tells data from padding. Its checksum covers the header alone.

import { ipv4FromText, ipv4ToText } from "./address.js";
import { internetChecksum } from "./checksum.js";
import {
  defineBits,
  defineField,
  type FieldTable,
  HeaderView,
  readField,
  readField8,
  readField16,
  readField32,
  writeField,
} from "./field.js";
import { COMPARE_LENGTH, DROP_IT, FieldError, LONGER_FRAME, LOOK_AT_TYPE } from "./field-error.js";
import { protocolToText } from "./numbers.js";

// Field table

type Ipv4Key =
  | "version"
  | "headerWords"
  | "dscp"
  | "ecn"
  | "totalLength"
  | "identification"
  | "flags"
  | "fragmentOffset"
  | "ttl"
  | "protocol"
  | "checksum"
  | "source"
  | "destination";

export const IPV4_FIELDS: FieldTable<Ipv4Key> = {
  version: defineBits("ipv4.version", 0, 1, 4, 4, "RFC 791 section 3.1"),
  headerWords: defineBits("ipv4.headerWords", 0, 1, 0, 4, "RFC 791 section 3.1 (IHL)"),
  dscp: defineBits("ipv4.dscp", 1, 1, 2, 6, "RFC 2474 section 3"),
  ecn: defineBits("ipv4.ecn", 1, 1, 0, 2, "RFC 3168 section 5"),
  totalLength: defineField("ipv4.totalLength", 2, 2, "RFC 791 section 3.1"),
  identification: defineField("ipv4.identification", 4, 2, "RFC 791 section 3.1", "hex"),
  flags: defineBits("ipv4.flags", 6, 2, 13, 3, "RFC 791 section 3.1"),
  fragmentOffset: defineBits("ipv4.fragmentOffset", 6, 2, 0, 13, "RFC 791 section 3.1"),
  ttl: defineField("ipv4.ttl", 8, 1, "RFC 791 section 3.1"),
  protocol: defineField("ipv4.protocol", 9, 1, "RFC 791 section 3.1"),
  checksum: defineField("ipv4.checksum", 10, 2, "RFC 791 section 3.1", "hex"),
  source: defineField("ipv4.source", 12, 4, "RFC 791 section 3.1", "ipv4"),
  destination: defineField("ipv4.destination", 16, 4, "RFC 791 section 3.1", "ipv4"),
};

/** Bytes of an IPv4 header without options. */
export const IPV4_HEADER_BYTES = 20;

/** Bits of `flags`. */
export const IPV4_FLAG: Readonly<Record<"dontFragment" | "moreFragments", number>> = {
  dontFragment: 2,
  moreFragments: 1,
};

// View

/** An IPv4 header in place; addresses are numbers of 32 bits. */
export class Ipv4View extends HeaderView {
  get version(): number {
    return readField(this.bytes, this.start, IPV4_FIELDS.version);
  }
  /** Bytes of the header with its options: the IHL field times 4. */
  get headerBytes(): number {
    return readField(this.bytes, this.start, IPV4_FIELDS.headerWords) * 4;
  }
  get totalLength(): number {
    return readField16(this.bytes, this.start, IPV4_FIELDS.totalLength);
  }
  get identification(): number {
    return readField16(this.bytes, this.start, IPV4_FIELDS.identification);
  }
  get flags(): number {
    return readField(this.bytes, this.start, IPV4_FIELDS.flags);
  }
  /** Where this fragment's data belong, in units of 8 bytes. */
  get fragmentOffset(): number {
    return readField(this.bytes, this.start, IPV4_FIELDS.fragmentOffset);
  }
  get ttl(): number {
    return readField8(this.bytes, this.start, IPV4_FIELDS.ttl);
  }
  get protocol(): number {
    return readField8(this.bytes, this.start, IPV4_FIELDS.protocol);
  }
  get checksum(): number {
    return readField16(this.bytes, this.start, IPV4_FIELDS.checksum);
  }
  get source(): number {
    return readField32(this.bytes, this.start, IPV4_FIELDS.source);
  }
  get destination(): number {
    return readField32(this.bytes, this.start, IPV4_FIELDS.destination);
  }
}

// Representation

/** An IPv4 header in host order. */
export interface Ipv4Header {
  dscp: number;
  ecn: number;
  /** Bytes of header and data. */
  totalLength: number;
  identification: number;
  /** Any of `IPV4_FLAG`, or-ed. */
  flags: number;
  /** In units of 8 bytes. */
  fragmentOffset: number;
  ttl: number;
  protocol: number;
  checksum: number;
  source: string;
  destination: string;
  /** Option bytes as they stand, a multiple of 4, at most 40. */
  options: Uint8Array;
}

/**
 * Reads an IPv4 header.
 *
 * @param bytes the frame
 * @param start byte offset of the header
 * @throws FieldError where the frame is too short, the version is not 4, or a length is below the least possible
 */
export function parseIpv4(bytes: Uint8Array, start = 0): Ipv4Header {
  const view = new Ipv4View(bytes, start);
  const headerBytes = view.headerBytes;
  checkIpv4(view, headerBytes);
  return {
    dscp: readField(bytes, start, IPV4_FIELDS.dscp),
    ecn: readField(bytes, start, IPV4_FIELDS.ecn),
    totalLength: view.totalLength,
    identification: view.identification,
    flags: view.flags,
    fragmentOffset: view.fragmentOffset,
    ttl: view.ttl,
    protocol: view.protocol,
    checksum: view.checksum,
    source: ipv4ToText(view.source),
    destination: ipv4ToText(view.destination),
    options: Uint8Array.from(bytes.subarray(start + IPV4_HEADER_BYTES, start + headerBytes)),
  };
}

function checkIpv4(view: Ipv4View, headerBytes: number): void {
  const { bytes, start } = view;
  if (view.version !== 4)
    throw new FieldError("ipv4.version", start, `it says ${view.version}, not 4`, LOOK_AT_TYPE);
  if (headerBytes < IPV4_HEADER_BYTES) {
    const cause = `it says ${headerBytes / 4} words of 4 bytes; 5 is the least`;
    throw new FieldError("ipv4.headerWords", start, cause, DROP_IT);
  }
  if (start + headerBytes > bytes.length) {
    const cause = `frame has ${bytes.length} bytes; the IPv4 header announced ${headerBytes} of its own`;
    throw new FieldError("ipv4.options", start + IPV4_HEADER_BYTES, cause, COMPARE_LENGTH);
  }
  if (view.totalLength < headerBytes) {
    const cause = `it says ${view.totalLength} bytes; the header alone has ${headerBytes}`;
    throw new FieldError("ipv4.totalLength", start + 2, cause, DROP_IT);
  }
}

/**
 * Writes an IPv4 header in place; lengths and checksum are written as given.
 *
 * @returns byte offset after the header
 * @throws FieldError where the frame is too short or a value too wide
 * @throws RangeError where the options are no multiple of 4 bytes, or more than 40
 */
export function emitIpv4(header: Ipv4Header, bytes: Uint8Array, start = 0): number {
  const optionBytes = header.options.length;
  if (optionBytes % 4 !== 0 || optionBytes > 40) {
    throw new RangeError(
      `Cannot write ${optionBytes} bytes of IPv4 options: the header counts words of 4 bytes, at most 10 -> pad with 0`,
    );
  }
  const headerBytes = IPV4_HEADER_BYTES + optionBytes;
  const put = (key: Ipv4Key, value: number): void => writeField(bytes, start, IPV4_FIELDS[key], value);
  put("version", 4);
  put("headerWords", headerBytes / 4);
  for (const key of EMITTED) put(key, header[key]);
  put("source", ipv4FromText(header.source));
  put("destination", ipv4FromText(header.destination));
  if (start + headerBytes > bytes.length) {
    const cause = `frame has ${bytes.length} bytes; the header takes ${headerBytes}`;
    throw new FieldError("ipv4.options", start + IPV4_HEADER_BYTES, cause, LONGER_FRAME, "write");
  }
  bytes.set(header.options, start + IPV4_HEADER_BYTES);
  return start + headerBytes;
}

const EMITTED = [
  "dscp",
  "ecn",
  "totalLength",
  "identification",
  "flags",
  "fragmentOffset",
  "ttl",
  "protocol",
  "checksum",
] as const;

/**
 * Computes and writes the header checksum of an IPv4 header in place.
 *
 * @param bytes the frame
 * @param start byte offset of the header
 * @source RFC 791 section 3.1
 */
export function writeIpv4Checksum(bytes: Uint8Array, start: number): void {
  const end = start + readField(bytes, start, IPV4_FIELDS.headerWords) * 4;
  writeField(bytes, start, IPV4_FIELDS.checksum, 0);
  writeField(bytes, start, IPV4_FIELDS.checksum, internetChecksum(bytes, start, end));
}

// Print

/** Says an IPv4 header in a line. */
export function printIpv4(header: Ipv4Header): string {
  const parts = [`${header.source} -> ${header.destination}`, protocolToText(header.protocol)];
  parts.push(`ttl ${header.ttl}`, `${header.totalLength} bytes`);
  if (header.options.length > 0) parts.push(`${header.options.length} bytes of options`);
  if (header.fragmentOffset > 0 || header.flags & IPV4_FLAG.moreFragments) {
    const more = header.flags & IPV4_FLAG.moreFragments ? "more follow" : "the last";
    parts.push(`fragment at byte ${header.fragmentOffset * 8}, ${more}`);
  }
  return parts.join(", ");
}
