// TCP turns packets that may be lost into a stream that is not. Its header is
// one end's whole report: which byte this segment starts with, which byte it
// waits for, how much it can take, and what it wants (open, close, reset).

import {
  defineBits,
  defineField,
  type FieldTable,
  HeaderView,
  readField,
  readField16,
  readField32,
  writeField,
} from "./field.js";
import { COMPARE_LENGTH, DROP_IT, FieldError } from "./field-error.js";
import {
  emitTcpOptions,
  parseTcpOptions,
  printTcpOption,
  type TcpOption,
  tcpOptionBytes,
} from "./tcp-options.js";

// Field table

type TcpKey =
  | "sourcePort"
  | "destinationPort"
  | "sequence"
  | "acknowledgment"
  | "headerWords"
  | "flags"
  | "window"
  | "checksum"
  | "urgentPointer";

export const TCP_FIELDS: FieldTable<TcpKey> = {
  sourcePort: defineField("tcp.sourcePort", 0, 2, "RFC 9293 section 3.1"),
  destinationPort: defineField("tcp.destinationPort", 2, 2, "RFC 9293 section 3.1"),
  sequence: defineField("tcp.sequence", 4, 4, "RFC 9293 section 3.1"),
  acknowledgment: defineField("tcp.acknowledgment", 8, 4, "RFC 9293 section 3.1"),
  headerWords: defineBits("tcp.headerWords", 12, 2, 12, 4, "RFC 9293 section 3.1 (Data Offset)"),
  flags: defineBits("tcp.flags", 12, 2, 0, 12, "RFC 9293 section 3.1 (Control bits)", "hex"),
  window: defineField("tcp.window", 14, 2, "RFC 9293 section 3.1"),
  checksum: defineField("tcp.checksum", 16, 2, "RFC 9293 section 3.1", "hex"),
  urgentPointer: defineField("tcp.urgentPointer", 18, 2, "RFC 9293 section 3.1"),
};

/** Bytes of a TCP header without options. */
export const TCP_HEADER_BYTES = 20;

/** Bits of `flags`. @source RFC 9293 section 3.1; RFC 3168 section 6.1 (ece, cwr) */
export const TCP_FLAG: Readonly<
  Record<"fin" | "syn" | "rst" | "psh" | "ack" | "urg" | "ece" | "cwr", number>
> = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32, ece: 64, cwr: 128 };

// View

/** A TCP header in place. */
export class TcpView extends HeaderView {
  get sourcePort(): number {
    return readField16(this.bytes, this.start, TCP_FIELDS.sourcePort);
  }
  get destinationPort(): number {
    return readField16(this.bytes, this.start, TCP_FIELDS.destinationPort);
  }
  get sequence(): number {
    return readField32(this.bytes, this.start, TCP_FIELDS.sequence);
  }
  get acknowledgment(): number {
    return readField32(this.bytes, this.start, TCP_FIELDS.acknowledgment);
  }
  /** Bytes of the header with its options: the data offset field times 4. */
  get headerBytes(): number {
    return readField(this.bytes, this.start, TCP_FIELDS.headerWords) * 4;
  }
  get flags(): number {
    return readField(this.bytes, this.start, TCP_FIELDS.flags);
  }
  get window(): number {
    return readField16(this.bytes, this.start, TCP_FIELDS.window);
  }
  get checksum(): number {
    return readField16(this.bytes, this.start, TCP_FIELDS.checksum);
  }
  get urgentPointer(): number {
    return readField16(this.bytes, this.start, TCP_FIELDS.urgentPointer);
  }
}

// Representation

/** A TCP header in host order. */
export interface TcpHeader {
  sourcePort: number;
  destinationPort: number;
  sequence: number;
  acknowledgment: number;
  /** Any of `TCP_FLAG`, or-ed. */
  flags: number;
  /** As on the wire, not scaled. */
  window: number;
  checksum: number;
  urgentPointer: number;
  options: TcpOption[];
}

const PLAIN_KEYS = [
  "sourcePort",
  "destinationPort",
  "sequence",
  "acknowledgment",
  "flags",
  "window",
  "checksum",
  "urgentPointer",
] as const;

/**
 * Reads a TCP header.
 *
 * @param bytes the frame
 * @param start byte offset of the header
 * @throws FieldError where the frame is too short, the data offset below 5, or an option's length impossible
 */
export function parseTcp(bytes: Uint8Array, start = 0): TcpHeader {
  const view = new TcpView(bytes, start);
  const headerBytes = view.headerBytes;
  const end = start + headerBytes;
  if (headerBytes < TCP_HEADER_BYTES) {
    const cause = `it says ${headerBytes / 4} words of 4 bytes; 5 is the least`;
    throw new FieldError("tcp.headerWords", start + 12, cause, DROP_IT);
  }
  if (end > bytes.length && start + TCP_HEADER_BYTES <= bytes.length) {
    const cause = `frame has ${bytes.length} bytes; the TCP header announced ${headerBytes} of its own`;
    throw new FieldError("tcp.options", start + TCP_HEADER_BYTES, cause, COMPARE_LENGTH);
  }
  return {
    sourcePort: view.sourcePort,
    destinationPort: view.destinationPort,
    sequence: view.sequence,
    acknowledgment: view.acknowledgment,
    flags: view.flags,
    window: view.window,
    checksum: view.checksum,
    urgentPointer: view.urgentPointer,
    options: parseTcpOptions(bytes, start + TCP_HEADER_BYTES, end),
  };
}

/**
 * Writes a TCP header with its options in place; the checksum is written as given.
 *
 * @returns byte offset after the header
 * @throws FieldError where the frame is too short or a value too wide
 * @throws RangeError where the options take more than 40 bytes
 */
export function emitTcp(header: TcpHeader, bytes: Uint8Array, start = 0): number {
  const headerBytes = TCP_HEADER_BYTES + tcpOptionBytes(header.options);
  const end = emitTcpOptions(header.options, bytes, start + TCP_HEADER_BYTES);
  writeField(bytes, start, TCP_FIELDS.headerWords, headerBytes / 4);
  for (const key of PLAIN_KEYS) writeField(bytes, start, TCP_FIELDS[key], header[key]);
  return end;
}

// Print

/** Names the flags that are set: `SYN ACK`, or `no flags`. */
export function tcpFlagsToText(flags: number): string {
  const set = Object.entries(TCP_FLAG).filter(([, bit]) => flags & bit);
  return set.length === 0 ? "no flags" : set.map(([name]) => name.toUpperCase()).join(" ");
}

/** Says a TCP header in a line. */
export function printTcp(header: TcpHeader): string {
  const parts = [
    `port ${header.sourcePort} -> ${header.destinationPort}`,
    tcpFlagsToText(header.flags),
    `sequence ${header.sequence}`,
  ];
  if (header.flags & TCP_FLAG.ack) parts.push(`ack ${header.acknowledgment}`);
  parts.push(`window ${header.window}`);
  const options = header.options.filter((option) => option.name !== "nop").map(printTcpOption);
  if (options.length > 0) parts.push(`options: ${options.join(", ")}`);
  return parts.join(", ");
}
