// What grows by a share of itself each year draws a straight line on a logarithmic axis, and its growth is the slope. Adding the
// shares of the years up instead would make the growth of long times too large.

/** A quantity in a year. */
export interface YearPoint {
  /** With its fraction: 2006.97 is late December 2006. */
  readonly year: number;
  /** Above 0. */
  readonly value: number;
}

/**
 * Compound growth between two points, in percent a year: 100 is a doubling every year.
 *
 * @throws RangeError where the years are not in order or a value is not above 0
 */
export function growthPercent(from: YearPoint, to: YearPoint): number {
  if (!(to.year > from.year && from.value > 0 && to.value > 0)) {
    throw new RangeError(
      `Cannot compute growth from ${from.value} in ${from.year} to ${to.value} in ${to.year}: it takes a later year and values above 0 -> check the points`,
    );
  }
  return 100 * ((to.value / from.value) ** (1 / (to.year - from.year)) - 1);
}
