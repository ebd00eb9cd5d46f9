// A measurement that shuffles its runs must be able to shuffle them the same way again. So every random
// choice of the lab comes from a generator with a seed, and the seed is stored beside the result.

/** A source of numbers, each at least 0 and below 1. `Math.random` has the same shape, but cannot be repeated. */
export type Random = () => number;

/**
 * Makes a generator that gives the same numbers for the same seed, on every machine.
 * Good for shuffling and resampling, never for secrets.
 *
 * @param seed any integer; only its low 32 bits count
 * @returns A function giving numbers from 0 (included) to 1 (excluded), in steps of 2^-32; it repeats after 2^32 calls.
 * @throws RangeError where the seed is not an integer
 * @source Tommy Ettinger, "mulberry32", 2017 (public domain)
 */
export function seededRandom(seed: number): Random {
  if (!Number.isInteger(seed)) {
    throw new RangeError(`Cannot seed a generator with ${seed}: not an integer -> try seededRandom(1)`);
  }
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Puts items into random order; every order is equally likely. The argument stays as it was.
 *
 * @param items what to shuffle
 * @param random where the randomness comes from, e.g. `seededRandom(1)`
 * @returns A new array with the same items.
 * @source Durstenfeld, Algorithm 235, CACM 7(7), 1964 (Fisher-Yates)
 */
export function shuffle<T>(items: readonly T[], random: Random): T[] {
  const shuffled = items.slice();
  for (let last = shuffled.length - 1; last > 0; last--) {
    const pick = Math.floor(random() * (last + 1));
    const moved = shuffled[last];
    shuffled[last] = shuffled[pick];
    shuffled[pick] = moved;
  }
  return shuffled;
}
