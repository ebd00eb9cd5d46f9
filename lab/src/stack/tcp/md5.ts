// MD5, for initial sequence numbers only: whoever does not know the secret must not be able to guess the next
// one. Its known weakness, that two texts with one digest can be made, does not help him there.

const SHIFTS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
const SINES: Int32Array = Int32Array.from(
  { length: 64 },
  (_, index) => (Math.abs(Math.sin(index + 1)) * 2 ** 32) | 0,
);

/**
 * Digests up to 55 bytes: one block.
 *
 * @returns The digest's four words; the first byte is the low end of the first word.
 * @source RFC 1321 section 3
 */
export function md5Words(message: Uint8Array): Int32Array {
  if (message.length > 55) {
    throw new RangeError(
      `Cannot digest ${message.length} bytes: this MD5 takes one block -> pass at most 55`,
    );
  }
  const block = new Uint8Array(64);
  block.set(message);
  block[message.length] = 0x80;
  const words = new DataView(block.buffer);
  words.setUint32(56, message.length * 8, true);
  const digest = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  let [a, b, c, d] = digest;
  for (let step = 0; step < 64; step++) {
    const [mixed, word] = round(step, b, c, d);
    const sum = (a + mixed + SINES[step] + words.getInt32(4 * word, true)) | 0;
    const shift = SHIFTS[(step >> 4) * 4 + (step & 3)];
    [a, d, c, b] = [d, c, b, (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0];
  }
  return Int32Array.of(digest[0] + a, digest[1] + b, digest[2] + c, digest[3] + d);
}

/** A round's function of three words, and which word of the message it takes. @source RFC 1321 section 3.4 */
function round(step: number, b: number, c: number, d: number): [mixed: number, word: number] {
  if (step < 16) return [(b & c) | (~b & d), step];
  if (step < 32) return [(d & b) | (~d & c), (5 * step + 1) & 15];
  if (step < 48) return [b ^ c ^ d, (3 * step + 5) & 15];
  return [c ^ (b | ~d), (7 * step) & 15];
}
