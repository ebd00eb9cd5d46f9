// The internet checksum of what a stack sends and receives all the time. A header's words are added up from the numbers that are
// written into it: to read back what was just stored byte by byte would wait until the stores are done. What lies in memory already is
// read four bytes at a time, by the view that the header is read by, and from some length on by the words of `packet/checksum.ts`.
import { sumWords } from "../packet/index.js";

/** Up to here a view is as fast as to look up the words that the memory consists of. */
const SHORT_BYTES = 128;

/** The two halves of a number of 32 bits, signed or not, added up. */
export function sumOfHalves(word: number): number {
  return (word >>> 16) + (word & 0xffff);
}

/**
 * Adds up a piece of memory as 16-bit words in network order. So may be those of several pieces, all but the last of even length.
 *
 * @param bytes and view: the same memory
 * @param end byte offset after the last byte; an IP packet's length at most behind `start`
 * @returns A number below 2 ** 26, carries not yet brought back in.
 * @source RFC 1071 section 1
 */
export function sumOfPiece(bytes: Uint8Array, view: DataView, start: number, end: number): number {
  if (end - start > SHORT_BYTES) return foldShortSum(sumWords(bytes, start, end));
  let sum = 0;
  let at = start;
  for (const last = end - 4; at <= last; at += 4) {
    const word = view.getInt32(at);
    sum = (sum + (word >>> 16) + (word & 0xffff)) | 0;
  }
  for (; at < end; at++) sum += ((at - start) & 1) === 0 ? bytes[at] << 8 : bytes[at];
  return sum;
}

/**
 * The pseudo header that the checksums of TCP and UDP cover, added up.
 *
 * @param length bytes of the segment with its header
 * @source RFC 9293 section 3.1
 */
export function sumOfPseudoHeader(
  source: number,
  destination: number,
  protocol: number,
  length: number,
): number {
  return sumOfHalves(source) + sumOfHalves(destination) + protocol + length;
}

/** Brings the carries of a sum below 2 ** 31 back in. @returns a number of 16 bits @source RFC 1071 section 2 (B) */
export function foldShortSum(sum: number): number {
  const once = (sum & 0xffff) + (sum >>> 16);
  return (once & 0xffff) + (once >>> 16);
}
