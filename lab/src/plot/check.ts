// A figure is refused rather than drawn wrong: a NaN in the data is a mistake to find, not a gap to draw over.

/**
 * Throws unless a value is a finite number of 0 or more.
 *
 * @param value what is to be drawn
 * @param what its name in the error, e.g. `y of point 3 of "AF_XDP"`
 * @returns The value.
 * @throws RangeError where it is negative, infinite or not a number
 */
export function requireMagnitude(value: number, what: string): number {
  requireFinite(value, what);
  if (value < 0) {
    throw new RangeError(`Cannot draw ${what}: ${value} is below 0; no figure was made -> check the sign`);
  }
  return value;
}

/**
 * Throws unless a value is a finite number.
 *
 * @returns The value.
 * @throws RangeError where it is infinite or not a number
 */
export function requireFinite(value: number, what: string): number {
  if (!Number.isFinite(value)) {
    throw new RangeError(
      `Cannot draw ${what}: ${value} is not a finite number; no figure was made -> leave the value out and say so in the note`,
    );
  }
  return value;
}

/** Throws unless there is something to draw. */
export function requireSome(items: { readonly length: number }, what: string): void {
  if (items.length === 0) {
    throw new RangeError(`Cannot draw 0 ${what}: nothing to show; no figure was made -> measure first`);
  }
}

/** Throws where a figure would get more items than it can show legibly. */
export function requireAtMost(count: number, limit: number, what: string, next: string): void {
  if (count > limit) {
    throw new RangeError(
      `Cannot draw ${count} ${what}: more than ${limit} are illegible; no figure was made -> ${next}`,
    );
  }
}

/** Throws unless a value is a whole number of 0 or more. */
export function requireCount(value: number, what: string): number {
  if (!(Number.isSafeInteger(value) && value >= 0)) {
    throw new RangeError(
      `Cannot draw ${what}: ${value} is not a count; no figure was made -> pass a whole number`,
    );
  }
  return value;
}
