// TCP numbers bytes with 32 bits and goes round: after 4294967295 comes 0. Two numbers are compared by the
// sign of their difference, which is right as long as they are less than half the circle apart. Numbers are
// kept signed here, for `| 0` is what makes JavaScript wrap; people see them through `>>> 0`.

/** Adds bytes to a sequence number. @source RFC 9293 section 3.4 */
export function seqAdd(sequence: number, bytes: number): number {
  return (sequence + bytes) | 0;
}

/** Bytes from `from` on to `to`, from -2 ** 31 to 2 ** 31 - 1: negative where `to` lies behind. */
export function seqDistance(from: number, to: number): number {
  return (to - from) | 0;
}

/** Whether a comes before b. @source RFC 9293 section 3.4 */
export function seqBefore(a: number, b: number): boolean {
  return ((a - b) | 0) < 0;
}

/** Whether a comes before b or is b. */
export function seqAtMost(a: number, b: number): boolean {
  return ((a - b) | 0) <= 0;
}

/** The later of two numbers. */
export function seqLater(a: number, b: number): number {
  return ((a - b) | 0) < 0 ? b : a;
}
