// IPv4, ICMP, UDP and TCP share one checksum: add the data up as 16-bit words,
// bring each carry back in at the low end, and turn every bit over. A receiver
// that adds the same data and the checksum itself gets 0xffff. An odd last byte
// counts as the high byte of a word whose low byte is 0.

import { IP_PROTOCOL } from "./numbers.js";
import { memoryForWords, sumAlignedWords } from "./word-sum.js";

/**
 * Adds 16-bit words in network order, carries not yet brought back in, so that sums of several pieces can be chained.
 *
 * @param bytes the frame
 * @param start byte offset of the first byte; every piece but the last has an even length
 * @param end byte offset after the last byte
 * @param sum what earlier pieces came to
 * @returns the running sum, a whole number below 2 ** 53
 * @source RFC 1071 section 1
 */
export function sumWords(bytes: Uint8Array, start: number, end: number, sum = 0): number {
  let at = start;
  const memory = memoryForWords(bytes, start, end);
  if (memory !== null) {
    if (((memory.offset + at) & 2) !== 0) {
      sum += (bytes[at] << 8) | bytes[at + 1];
      at += 2;
    }
    const count = (end - at) >>> 2;
    sum += sumAlignedWords(memory, at, count);
    at += 4 * count;
  }
  for (; at + 1 < end; at += 2) sum += (bytes[at] << 8) | bytes[at + 1];
  return at < end ? sum + (bytes[at] << 8) : sum;
}

/** Brings the carries of a running sum back in. @returns a number of 16 bits @source RFC 1071 section 2 (B) */
export function foldSum(sum: number): number {
  while (sum > 0xffff) sum = (sum % 0x10000) + Math.floor(sum / 0x10000);
  return sum;
}

/**
 * Computes the internet checksum; the checksum field among the bytes must hold 0.
 *
 * @param bytes the frame
 * @param start byte offset of the first byte
 * @param end byte offset after the last byte
 * @param sum running sum to start from, e.g. that of a pseudo header
 * @returns the 16 bits that belong into the checksum field
 * @source RFC 1071
 */
export function internetChecksum(bytes: Uint8Array, start = 0, end: number = bytes.length, sum = 0): number {
  return foldSum(sumWords(bytes, start, end, sum)) ^ 0xffff;
}

/** Answers whether bytes that include their checksum add up to 0xffff; `sum` as in `internetChecksum`. */
export function isChecksumRight(bytes: Uint8Array, start = 0, end: number = bytes.length, sum = 0): boolean {
  return foldSum(sumWords(bytes, start, end, sum)) === 0xffff;
}

/**
 * Mends a checksum after one 16-bit word of the data changed, without reading the rest.
 *
 * @param checksum the checksum field before the change, 16 bits
 * @param oldWord the word that was there, 16 bits
 * @param newWord the word that is there now, 16 bits
 * @returns the new checksum, 16 bits
 * @source RFC 1624 section 3, equation 3; RFC 1141's shorter formula yields -0 where this one yields 0
 */
export function updateChecksum(checksum: number, oldWord: number, newWord: number): number {
  return foldSum((checksum ^ 0xffff) + (oldWord ^ 0xffff) + newWord) ^ 0xffff;
}

/**
 * Sums the IPv4 pseudo header that UDP and TCP checksums cover, so that a packet given to the wrong host is noticed.
 *
 * @param bytes the frame
 * @param ipStart byte offset of the IPv4 header, whose addresses and protocol are read in place
 * @param length bytes of the UDP or TCP header and data
 * @source RFC 768; RFC 9293 section 3.1
 */
export function ipv4PseudoSum(bytes: Uint8Array, ipStart: number, length: number): number {
  return sumWords(bytes, ipStart + 12, ipStart + 20, bytes[ipStart + 9] + length);
}

/**
 * Sums the IPv6 pseudo header that UDP, TCP and ICMPv6 checksums cover.
 *
 * @param bytes the frame
 * @param ipStart byte offset of the IPv6 header, whose addresses are read in place
 * @param protocol number of the upper-layer protocol, behind any extension headers
 * @param length bytes of the upper-layer header and data
 * @source RFC 8200 section 8.1; a routing header's final destination is not followed
 */
export function ipv6PseudoSum(bytes: Uint8Array, ipStart: number, protocol: number, length: number): number {
  return sumWords(bytes, ipStart + 8, ipStart + 40, protocol + foldSum(length));
}

/**
 * Computes the checksum of a UDP, TCP or ICMPv6 segment whose checksum field holds 0.
 *
 * @param bytes the frame
 * @param start byte offset of the segment's header
 * @param end byte offset after its data
 * @param pseudoSum from `ipv4PseudoSum` or `ipv6PseudoSum`
 * @param protocol IP protocol number; UDP writes 0xffff for 0, because 0 says "no checksum"
 * @returns the 16 bits that belong into the checksum field
 */
export function segmentChecksum(
  bytes: Uint8Array,
  start: number,
  end: number,
  pseudoSum: number,
  protocol: number,
): number {
  const checksum = internetChecksum(bytes, start, end, pseudoSum);
  return checksum === 0 && protocol === IP_PROTOCOL.udp ? 0xffff : checksum;
}
