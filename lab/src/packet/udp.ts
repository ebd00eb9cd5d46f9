// UDP adds to IP just enough to reach a program: two ports, a length that
// repeats what IP said, and a checksum. Over IPv4 a checksum of 0 means that the
// sender computed none.

import { defineField, type FieldTable, HeaderView, readField16, writeField } from "./field.js";
import { DROP_IT, FieldError } from "./field-error.js";

// Field table

export const UDP_FIELDS: FieldTable<"sourcePort" | "destinationPort" | "length" | "checksum"> = {
  sourcePort: defineField("udp.sourcePort", 0, 2, "RFC 768 Fields"),
  destinationPort: defineField("udp.destinationPort", 2, 2, "RFC 768 Fields"),
  length: defineField("udp.length", 4, 2, "RFC 768 Fields"),
  checksum: defineField("udp.checksum", 6, 2, "RFC 768 Fields", "hex"),
};

/** Bytes of a UDP header. */
export const UDP_HEADER_BYTES = 8;

// View

/** A UDP header in place. */
export class UdpView extends HeaderView {
  get sourcePort(): number {
    return readField16(this.bytes, this.start, UDP_FIELDS.sourcePort);
  }
  get destinationPort(): number {
    return readField16(this.bytes, this.start, UDP_FIELDS.destinationPort);
  }
  get length(): number {
    return readField16(this.bytes, this.start, UDP_FIELDS.length);
  }
  get checksum(): number {
    return readField16(this.bytes, this.start, UDP_FIELDS.checksum);
  }
}

// Representation

/** A UDP header in host order. */
export interface UdpHeader {
  sourcePort: number;
  destinationPort: number;
  /** Bytes of header and data, at least 8. */
  length: number;
  /** 0: the sender computed none. */
  checksum: number;
}

/**
 * Reads a UDP header.
 *
 * @param bytes the frame
 * @param start byte offset of the header
 * @throws FieldError where the frame is too short or the length below 8
 */
export function parseUdp(bytes: Uint8Array, start = 0): UdpHeader {
  const view = new UdpView(bytes, start);
  const header = {
    sourcePort: view.sourcePort,
    destinationPort: view.destinationPort,
    length: view.length,
    checksum: view.checksum,
  };
  if (header.length < UDP_HEADER_BYTES) {
    const at = start + UDP_FIELDS.length.offset;
    throw new FieldError("udp.length", at, `it says ${header.length} bytes; the header alone has 8`, DROP_IT);
  }
  return header;
}

/**
 * Writes a UDP header in place; length and checksum are written as given.
 *
 * @returns byte offset after the header
 * @throws FieldError where the frame is too short or a value too wide
 */
export function emitUdp(header: UdpHeader, bytes: Uint8Array, start = 0): number {
  writeField(bytes, start, UDP_FIELDS.sourcePort, header.sourcePort);
  writeField(bytes, start, UDP_FIELDS.destinationPort, header.destinationPort);
  writeField(bytes, start, UDP_FIELDS.length, header.length);
  writeField(bytes, start, UDP_FIELDS.checksum, header.checksum);
  return start + UDP_HEADER_BYTES;
}

// Print

/** Says a UDP header in a line. */
export function printUdp(header: UdpHeader): string {
  return `port ${header.sourcePort} -> ${header.destinationPort}, ${header.length} bytes`;
}
