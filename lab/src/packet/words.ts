// A frame's memory seen as words of 32 bits. The views are made once and kept, for a stack meets few memories: its
// link's, and its applications' buffers. To ask an array for its `buffer` takes Node.js 20 longer than to add up 500 bytes, so an
// array is known by itself, not by what it lies in.

/** What is known of an array of bytes. */
export interface KnownMemory {
  readonly bytes: Uint8Array | null;
  /** What it lies in. */
  readonly buffer: ArrayBufferLike;
  /** Of the array's first byte in the buffer. */
  readonly offset: number;
  /** The whole buffer in bytes. */
  readonly whole: Uint8Array;
  /** The whole buffer in words, without the bytes of a last word that is not full. */
  readonly words: Int32Array;
}

const KEPT = 4;
const nothing = new ArrayBuffer(0);
const NOBODY: KnownMemory = {
  bytes: null,
  buffer: nothing,
  offset: 0,
  whole: new Uint8Array(0),
  words: new Int32Array(0),
};
const kept: KnownMemory[] = [NOBODY, NOBODY, NOBODY, NOBODY];
let oldest = 0;
const strangers: (Uint8Array | null)[] = [null, null, null, null];
let oldestStranger = 0;

/** @returns What is known of an array, or null where it was not met lately. */
export function findMemory(bytes: Uint8Array): KnownMemory | null {
  for (let index = 0; index < KEPT; index++) if (kept[index].bytes === bytes) return kept[index];
  return null;
}

/** @returns The same, and of a stranger, too: four are kept, the one met first makes room. */
export function knowMemory(bytes: Uint8Array): KnownMemory {
  return findMemory(bytes) ?? keep(bytes);
}

/** @returns The same, and null for one that is met for the first time: whoever brings a new array each time is not worth knowing. */
export function meetMemory(bytes: Uint8Array): KnownMemory | null {
  const known = findMemory(bytes);
  if (known !== null) return known;
  for (let index = 0; index < KEPT; index++) {
    if (strangers[index] !== bytes) continue;
    strangers[index] = null;
    return keep(bytes);
  }
  strangers[oldestStranger] = bytes;
  oldestStranger = (oldestStranger + 1) % KEPT;
  return null;
}

function keep(bytes: Uint8Array): KnownMemory {
  const { buffer, byteOffset: offset } = bytes;
  const whole = new Uint8Array(buffer);
  const words = new Int32Array(buffer, 0, buffer.byteLength >>> 2);
  const known = { bytes, buffer, offset, whole, words };
  kept[oldest] = known;
  oldest = (oldest + 1) % KEPT;
  return known;
}
