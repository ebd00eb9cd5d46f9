// A long stream of bytes that no two places of have in common: blocks of noise, each with its own number in it.
const BLOCK = 65_536;

/** Gives the stream's blocks one by one, then null. Each is a new buffer. */
export function stream(bytes) {
  let left = bytes;
  let number = 0;
  const noise = Buffer.alloc(BLOCK);
  let state = 12345;
  for (let at = 0; at < BLOCK; at += 4) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    noise.writeInt32LE(state, at);
  }
  return {
    next() {
      if (left === 0) return null;
      const chunk = Buffer.from(noise.subarray(0, Math.min(left, BLOCK)));
      for (let at = 0; at + 4 <= chunk.length; at += 1024) chunk.writeInt32LE((number * 31) | 0, at);
      left -= chunk.length;
      number++;
      return chunk;
    },
  };
}
