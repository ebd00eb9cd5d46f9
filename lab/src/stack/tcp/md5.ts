// MD5, for initial sequence numbers only: whoever does not know the secret must not be able to guess the next
// one. Its known weakness, that two texts with one digest can be made, does not help him there.

const SHIFTS: Int32Array = Int32Array.of(7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21);
const SINES: Int32Array = Int32Array.from(
  { length: 64 },
  (_, index) => (Math.abs(Math.sin(index + 1)) * 2 ** 32) | 0,
);
// Every connection is numbered by this, so the block is made once.
const block: Uint8Array = new Uint8Array(64);
const view: DataView = new DataView(block.buffer);
const words: Int32Array = new Int32Array(16);
const digest: Int32Array = new Int32Array(4);

/**
 * Digests up to 55 bytes: one block.
 *
 * @returns The digest's four words, good until the next call; the first byte is the low end of the first word.
 * @source RFC 1321 section 3
 */
export function md5Words(message: Uint8Array): Int32Array {
  if (message.length > 55) {
    throw new RangeError(
      `Cannot digest ${message.length} bytes: this MD5 takes one block -> pass at most 55`,
    );
  }
  for (let index = 0; index < 56; index++) block[index] = index < message.length ? message[index] : 0;
  block[message.length] = 0x80;
  view.setUint32(56, message.length * 8, true);
  for (let word = 0; word < 16; word++) words[word] = view.getInt32(4 * word, true);
  let a = 0x67452301;
  let b = 0xefcdab89 | 0;
  let c = 0x98badcfe | 0;
  let d = 0x10325476;
  for (let step = 0; step < 64; step++) {
    const sum = (a + mixed(step, b, c, d) + SINES[step] + words[wordOf(step)]) | 0;
    const shift = SHIFTS[(step >> 4) * 4 + (step & 3)];
    a = d;
    d = c;
    c = b;
    b = (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0;
  }
  digest[0] = 0x67452301 + a;
  digest[1] = 0xefcdab89 + b;
  digest[2] = 0x98badcfe + c;
  digest[3] = 0x10325476 + d;
  return digest;
}

/** A round's function of three words. @source RFC 1321 section 3.4 */
function mixed(step: number, b: number, c: number, d: number): number {
  if (step < 16) return (b & c) | (~b & d);
  if (step < 32) return (d & b) | (~d & c);
  if (step < 48) return b ^ c ^ d;
  return c ^ (b | ~d);
}

/** Which word of the message a step takes. @source RFC 1321 section 3.4 */
function wordOf(step: number): number {
  if (step < 16) return step;
  if (step < 32) return (5 * step + 1) & 15;
  if (step < 48) return (3 * step + 5) & 15;
  return (7 * step) & 15;
}
