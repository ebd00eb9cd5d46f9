// TCP's options carry what its header of 1981 has no room for: how large a
// segment may be, by how much to scale the window, whether gaps may be named,
// and clocks to measure the round trip with.

import { readUint, writeUint } from "../base/index.js";
import { FieldError, LONGER_FRAME } from "./field-error.js";
import { OPTION_END, OPTION_NOP, type OptionPlace, walkOptions } from "./options.js";

/** Kinds of TCP options. @source IANA "TCP Option Kind Numbers" */
export const TCP_OPTION_KIND: Readonly<
  Record<"mss" | "windowScale" | "sackPermitted" | "timestamps", number>
> = { mss: 2, windowScale: 3, sackPermitted: 4, timestamps: 8 };

/** One TCP option in host order; `other` keeps what the lab gives no meaning to. */
export type TcpOption =
  | { name: "nop" }
  /** Largest segment the sender takes, in bytes. @source RFC 9293 section 3.7.1 */
  | { name: "mss"; bytes: number }
  /** The window counts in units of 2 ** shift bytes. @source RFC 7323 section 2.2 */
  | { name: "windowScale"; shift: number }
  /** @source RFC 2018 section 2 */
  | { name: "sackPermitted" }
  /** The sender's clock, and the last it saw of the peer's. @source RFC 7323 section 3.2 */
  | { name: "timestamps"; value: number; echo: number }
  | { name: "other"; kind: number; data: Uint8Array };

/**
 * Reads TCP options, up to the end-of-list option.
 *
 * @param bytes the frame
 * @param start byte offset behind the fixed header
 * @param end byte offset after the whole header
 * @throws FieldError where an option's length is impossible
 */
export function parseTcpOptions(bytes: Uint8Array, start: number, end: number): TcpOption[] {
  return walkOptions(bytes, start, end, "tcp").map((place) => parseOption(bytes, place));
}

function parseOption(bytes: Uint8Array, { kind, offset, length }: OptionPlace): TcpOption {
  const K = TCP_OPTION_KIND;
  if (kind === OPTION_NOP) return { name: "nop" };
  if (kind === K.mss && length === 4) return { name: "mss", bytes: readUint(bytes, offset + 2, 2) };
  if (kind === K.windowScale && length === 3) return { name: "windowScale", shift: bytes[offset + 2] };
  if (kind === K.sackPermitted && length === 2) return { name: "sackPermitted" };
  if (kind === K.timestamps && length === 10) {
    return {
      name: "timestamps",
      value: readUint(bytes, offset + 2, 4),
      echo: readUint(bytes, offset + 6, 4),
    };
  }
  return { name: "other", kind, data: Uint8Array.from(bytes.subarray(offset + 2, offset + length)) };
}

/** Says how many bytes TCP options take, padding to a multiple of 4 included. */
export function tcpOptionBytes(options: readonly TcpOption[]): number {
  const bytes = options.reduce((sum, option) => sum + encodeOption(option).length, 0);
  return Math.ceil(bytes / 4) * 4;
}

/**
 * Writes TCP options in place and pads them with end-of-list bytes.
 *
 * @returns byte offset after the padding
 * @throws FieldError where the frame is too short
 * @throws RangeError where they take more than the 40 bytes a TCP header has room for
 */
export function emitTcpOptions(options: readonly TcpOption[], bytes: Uint8Array, start: number): number {
  const length = tcpOptionBytes(options);
  if (length > 40) {
    throw new RangeError(
      `Cannot write ${length} bytes of TCP options: a header has room for 40 -> leave some out`,
    );
  }
  if (start + length > bytes.length) {
    const cause = `frame has ${bytes.length} bytes; they take ${length}`;
    throw new FieldError("tcp.options", start, cause, LONGER_FRAME, "write");
  }
  let at = start;
  for (const option of options) {
    const encoded = encodeOption(option);
    bytes.set(encoded, at);
    at += encoded.length;
  }
  bytes.fill(OPTION_END, at, start + length);
  return start + length;
}

function encodeOption(option: TcpOption): Uint8Array {
  switch (option.name) {
    case "nop":
      return Uint8Array.of(OPTION_NOP);
    case "mss":
      return encode(TCP_OPTION_KIND.mss, [[2, option.bytes]]);
    case "windowScale":
      return encode(TCP_OPTION_KIND.windowScale, [[1, option.shift]]);
    case "sackPermitted":
      return encode(TCP_OPTION_KIND.sackPermitted, []);
    case "timestamps":
      return encode(TCP_OPTION_KIND.timestamps, [
        [4, option.value],
        [4, option.echo],
      ]);
    case "other":
      return Uint8Array.of(option.kind, option.data.length + 2, ...option.data);
  }
}

function encode(kind: number, numbers: [length: number, value: number][]): Uint8Array {
  const length = numbers.reduce((sum, [bytes]) => sum + bytes, 2);
  const encoded = new Uint8Array(length);
  encoded.set([kind, length]);
  let at = 2;
  for (const [bytes, value] of numbers) {
    writeUint(encoded, at, bytes, value);
    at += bytes;
  }
  return encoded;
}

/** Says a TCP option in a few words. */
export function printTcpOption(option: TcpOption): string {
  switch (option.name) {
    case "mss":
      return `mss ${option.bytes}`;
    case "windowScale":
      return `window scale ${option.shift}`;
    case "sackPermitted":
      return "SACK permitted";
    case "timestamps":
      return `timestamps ${option.value} echo ${option.echo}`;
    case "nop":
      return "nop";
    case "other":
      return `option ${option.kind}`;
  }
}
