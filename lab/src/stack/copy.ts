// Bytes from one place to another. Within one piece of memory the machine's own move does it and makes nothing.
// Between two pieces it needs a view of the source, an object of some 100 bytes that takes longer to make than 500 bytes
// take to copy; so up to there they go four at a time, through views that are kept.
import { meetMemory } from "../packet/index.js";

/** Up to here nothing is made. 512 bytes take 80 to 180 ns by words, and 95 and an object by a view. [x86-64, Node.js 20] */
export const COPIED_BY_WORDS = 512;
const COPIED_BY_BYTES = 24;
const IS_LITTLE_ENDIAN: boolean = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Copies bytes between places that do not overlap. */
export function copyBytes(
  from: Uint8Array,
  start: number,
  length: number,
  into: Uint8Array,
  at: number,
): void {
  if (from === into) into.copyWithin(at, start, start + length);
  else if (length <= COPIED_BY_BYTES) copySingly(from, start, length, into, at);
  else copyAcross(from, start, length, into, at);
}

function copySingly(from: Uint8Array, start: number, length: number, into: Uint8Array, at: number): void {
  for (let index = 0; index < length; index++) into[at + index] = from[start + index];
}

function copyAcross(from: Uint8Array, start: number, length: number, into: Uint8Array, at: number): void {
  const source = meetMemory(from);
  const target = meetMemory(into);
  if (source === null || target === null) into.set(from.subarray(start, start + length), at);
  else if (source.buffer === target.buffer) {
    // Two arrays, one memory: an application that took its buffer from the stack.
    const first = source.offset + start;
    target.whole.copyWithin(target.offset + at, first, first + length);
  } else if (length <= COPIED_BY_WORDS) {
    const lead = -(target.offset + at) & 3; // the target's words are whole ones
    copySingly(from, start, lead, into, at);
    const first = source.offset + start + lead;
    const word = (target.offset + at + lead) >> 2;
    const done = lead + 4 * moveWords(source.words, first, (length - lead) >> 2, target.words, word);
    copySingly(from, start + done, length - done, into, at + done);
  } else into.set(from.subarray(start, start + length), at);
}

/** @param start byte offset @param count words to move @param target index of a word @returns How many words were moved. */
function moveWords(from: Int32Array, start: number, count: number, into: Int32Array, target: number): number {
  const first = start >> 2;
  const low = 8 * (start & 3);
  if (low === 0) {
    for (let index = 0; index < count; index++) into[target + index] = from[first + index];
    return count;
  }
  // Each word lies across two. The last may reach behind the memory's last whole word: its bytes go one by one.
  const most = IS_LITTLE_ENDIAN ? Math.min(count, from.length - first - 1) : 0;
  let word = from[first];
  for (let index = 0; index < most; index++) {
    const next = from[first + index + 1];
    into[target + index] = (word >>> low) | (next << (32 - low));
    word = next;
  }
  return most;
}
