// The internet checksum does not care for byte order: adding up in the machine's order gives the same bits, swapped. So a
// long piece is read four bytes at a time, and only the result is turned round.
import { type KnownMemory, knowMemory, meetMemory } from "./words.js";

const IS_LITTLE_ENDIAN: boolean = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Below this a piece is not worth looking its memory up. */
const SHORTEST_BYTES = 40;
/** From here on a piece pays for the views of a memory that was never met. */
const WORTH_VIEWS_BYTES = 128;
/** An IP packet's most; as many halves of words still add up to less than 2 ** 31, which a machine adds without a carry. */
const LONGEST_BYTES = 65_535;

/** @returns The memory of a piece that is to be summed by words: of the right length, and beginning at an even address; else null. */
export function memoryForWords(bytes: Uint8Array, start: number, end: number): KnownMemory | null {
  const length = end - start;
  if (length < SHORTEST_BYTES || length > LONGEST_BYTES) return null;
  const known = length < WORTH_VIEWS_BYTES ? meetMemory(bytes) : knowMemory(bytes);
  return known !== null && ((known.offset + start) & 1) === 0 ? known : null;
}

/**
 * Adds whole words of 32 bits, as many as lie between two offsets.
 *
 * @param start byte offset in the array; `start + offset` is a multiple of 4
 * @param count 32-bit words, at most 16 383
 * @returns Their sum as 16-bit words in network order, 16 bits, carries brought back in.
 * @source RFC 1071 section 2 (B) byte order independence, (C) parallel summation
 */
export function sumAlignedWords({ words, offset }: KnownMemory, start: number, count: number): number {
  const all = words;
  const first = (offset + start) >>> 2;
  const end = first + count;
  const endOfEights = first + (count & ~7);
  let sum = 0;
  let index = first;
  // Eight a turn: the loop's own work is as much as an addition's.
  for (; index < endOfEights; index += 8) {
    const a = all[index];
    const b = all[index + 1];
    const c = all[index + 2];
    const d = all[index + 3];
    const e = all[index + 4];
    const f = all[index + 5];
    const g = all[index + 6];
    const h = all[index + 7];
    const low = (a & 0xffff) + (b & 0xffff) + (c & 0xffff) + (d & 0xffff);
    const high = (a >>> 16) + (b >>> 16) + (c >>> 16) + (d >>> 16);
    const nextLow = (e & 0xffff) + (f & 0xffff) + (g & 0xffff) + (h & 0xffff);
    const nextHigh = (e >>> 16) + (f >>> 16) + (g >>> 16) + (h >>> 16);
    sum = (sum + low + high + nextLow + nextHigh) | 0;
  }
  for (; index < end; index++) sum = (sum + (all[index] & 0xffff) + (all[index] >>> 16)) | 0;
  sum = (sum & 0xffff) + (sum >>> 16);
  sum = (sum & 0xffff) + (sum >>> 16);
  return IS_LITTLE_ENDIAN ? ((sum & 0xff) << 8) | (sum >>> 8) : sum;
}
