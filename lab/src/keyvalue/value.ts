// Values that prove themselves: every word of a value follows from its key and its first word. So half of one value and half of
// another, or a value under the wrong key, is seen by whoever reads it. To the server a value is 32 bytes and no more.
import { KV_VALUE_BYTES } from "./message.js";

const WORDS = KV_VALUE_BYTES / 8;
const SPREAD = 0x9e3779b97f4a7c15n;
const MIX = 0xbf58476d1ce4e5b9n;

/** The same as `word_of` of kernels/bpf/kv_client.bpf.c. */
function wordOf(key: bigint, first: bigint, index: bigint): bigint {
  return BigInt.asUintN(64, (first ^ BigInt.asUintN(64, (key + index) * SPREAD)) * MIX);
}

/** A value for a key. @param first 0 to 2 ** 53: what tells this value from the key's other ones */
export function makeKvValue(key: number, first: number): Uint8Array {
  const bytes = new Uint8Array(KV_VALUE_BYTES);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(first), true);
  for (let i = 1; i < WORDS; i++) {
    view.setBigUint64(8 * i, wordOf(BigInt(key), BigInt(first), BigInt(i)), true);
  }
  return bytes;
}

/** Whether a value is whole, and of this key. */
export function isWholeKvValue(key: number, value: Uint8Array): boolean {
  const view = new DataView(value.buffer, value.byteOffset, value.length);
  const first = view.getBigUint64(0, true);
  for (let i = 1; i < WORDS; i++) {
    if (view.getBigUint64(8 * i, true) !== wordOf(BigInt(key), first, BigInt(i))) return false;
  }
  return true;
}
