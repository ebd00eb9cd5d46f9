// A million latencies become at most as many points as there are pixels to draw them in.

import { bucketsOf, type CdfPoint, cdfPoints, type Sample } from "../stats/index.js";
import type { Scale } from "./scale.js";
import { tenth } from "./svg.js";

/**
 * Shares counts out to columns of equal width in pixels. A bucket that spans several columns is shared evenly.
 *
 * @param samples values and buckets; what lies at or below 0 on a logarithmic scale must be gone already
 * @param columns how many columns between `from` and `to`, in pixels
 * @returns One count per column; they add up to the number of samples.
 */
export function columnCounts(
  samples: readonly Sample[],
  scale: Scale,
  [from, to]: readonly [number, number],
  columns: number,
): number[] {
  const counts = new Array<number>(columns).fill(0);
  const columnOf = (value: number) => ((scale.at(value) - from) / (to - from)) * columns;
  for (const { low, high, count } of bucketsOf(samples)) {
    const [start, end] = [columnOf(low), columnOf(high)];
    const first = Math.min(columns - 1, Math.floor(start));
    const last = Math.min(columns - 1, Math.floor(end));
    if (first === last) counts[first] += count;
    for (let column = first; column <= last && first !== last; column++) {
      counts[column] += (count * (Math.min(column + 1, end) - Math.max(column, start))) / (end - start);
    }
  }
  return counts;
}

/**
 * The distribution as the path of its steps, without those that nobody would see.
 *
 * @param y scale of the fraction
 * @param least pixels to the right or up that make a step worth drawing
 */
export function stepPath(points: readonly CdfPoint[], x: Scale, y: Scale, least: number): string {
  let [right, top] = [x.at(points[0].value), y.at(0)];
  let path = `M${tenth(right)},${tenth(top)}`;
  for (const { value, fraction } of points) {
    const [nextRight, nextTop] = [x.at(value), y.at(fraction)];
    if (nextRight - right < least && top - nextTop < least && fraction < 1) continue;
    [right, top] = [nextRight, nextTop];
    path += `H${tenth(right)}V${tenth(top)}`;
  }
  return path;
}

/** The values at some percentiles, smallest first. */
export function percentileValues(
  samples: readonly Sample[],
  percentiles: readonly number[],
): { percentile: number; value: number; fraction: number }[] {
  const points = cdfPoints(samples);
  return percentiles.map((percentile) => {
    const fraction = percentile / 100;
    const value = points.find((point) => point.fraction >= fraction - 1e-12)!.value;
    return { percentile, value, fraction };
  });
}
