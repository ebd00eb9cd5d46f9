// ICMP is IP's own voice: "are you there?", "I am", "nobody lives here". Version
// 4 and 6 share the first eight bytes and differ in numbers and checksum: 6
// covers a pseudo header, 4 does not. Messages other than echo use identifier
// and sequence for something else.

import { defineField, type FieldTable, HeaderView, readField8, readField16, writeField } from "./field.js";

// Field table

type IcmpKey = "type" | "code" | "checksum" | "identifier" | "sequence";

export const ICMP_FIELDS: FieldTable<IcmpKey> = {
  type: defineField("icmp.type", 0, 1, "RFC 792 Echo"),
  code: defineField("icmp.code", 1, 1, "RFC 792 Echo"),
  checksum: defineField("icmp.checksum", 2, 2, "RFC 792 Echo", "hex"),
  identifier: defineField("icmp.identifier", 4, 2, "RFC 792 Echo"),
  sequence: defineField("icmp.sequence", 6, 2, "RFC 792 Echo"),
};

export const ICMPV6_FIELDS: FieldTable<IcmpKey> = {
  type: defineField("icmpv6.type", 0, 1, "RFC 4443 section 2.1"),
  code: defineField("icmpv6.code", 1, 1, "RFC 4443 section 2.1"),
  checksum: defineField("icmpv6.checksum", 2, 2, "RFC 4443 section 2.3", "hex"),
  identifier: defineField("icmpv6.identifier", 4, 2, "RFC 4443 section 4.1"),
  sequence: defineField("icmpv6.sequence", 6, 2, "RFC 4443 section 4.1"),
};

/** Bytes of an ICMP header of either version. */
export const ICMP_HEADER_BYTES = 8;

/** Types of the echo messages. */
export const ICMP_TYPE: Readonly<
  Record<"echoReply" | "echoRequest" | "v6EchoRequest" | "v6EchoReply", number>
> = { echoReply: 0, echoRequest: 8, v6EchoRequest: 128, v6EchoReply: 129 };

// View

/** An ICMP header of either version in place. */
export class IcmpView extends HeaderView {
  get type(): number {
    return readField8(this.bytes, this.start, ICMP_FIELDS.type);
  }
  get code(): number {
    return readField8(this.bytes, this.start, ICMP_FIELDS.code);
  }
  get checksum(): number {
    return readField16(this.bytes, this.start, ICMP_FIELDS.checksum);
  }
  get identifier(): number {
    return readField16(this.bytes, this.start, ICMP_FIELDS.identifier);
  }
  get sequence(): number {
    return readField16(this.bytes, this.start, ICMP_FIELDS.sequence);
  }
}

// Representation

/** An ICMP header of either version in host order. */
export interface IcmpHeader {
  type: number;
  code: number;
  checksum: number;
  /** Echo: which pinger. Other messages: the upper half of their own word. */
  identifier: number;
  /** Echo: which ping. Other messages: the lower half of their own word. */
  sequence: number;
}

/**
 * Reads an ICMP header of either version.
 *
 * @param bytes the frame
 * @param start byte offset of the header
 * @throws FieldError where the frame is too short
 */
export function parseIcmp(bytes: Uint8Array, start = 0): IcmpHeader {
  const view = new IcmpView(bytes, start);
  return {
    type: view.type,
    code: view.code,
    checksum: view.checksum,
    identifier: view.identifier,
    sequence: view.sequence,
  };
}

/**
 * Writes an ICMP header of either version in place; the checksum is written as given.
 *
 * @returns byte offset after the header
 * @throws FieldError where the frame is too short or a value too wide
 */
export function emitIcmp(header: IcmpHeader, bytes: Uint8Array, start = 0): number {
  for (const key of ["type", "code", "checksum", "identifier", "sequence"] as const) {
    writeField(bytes, start, ICMP_FIELDS[key], header[key]);
  }
  return start + ICMP_HEADER_BYTES;
}

// Print

const ECHO: ReadonlySet<number> = new Set(Object.values(ICMP_TYPE));
const TYPE_NAMES: Readonly<Record<number, string>> = {
  0: "echo reply",
  3: "destination unreachable",
  5: "redirect",
  8: "echo request",
  11: "time exceeded",
  128: "echo request",
  129: "echo reply",
  133: "router solicitation",
  134: "router advertisement",
  135: "neighbour solicitation",
  136: "neighbour advertisement",
};

/** Says an ICMP header of either version in a line. */
export function printIcmp(header: IcmpHeader): string {
  const name = TYPE_NAMES[header.type] ?? `type ${header.type}`;
  if (ECHO.has(header.type)) return `${name}, id ${header.identifier}, sequence ${header.sequence}`;
  return `${name}, code ${header.code}`;
}
