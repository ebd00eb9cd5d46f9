// A scale turns values into pixels. A linear one gives equal room to equal differences, a logarithmic one to equal
// ratios; from a cache hit to a timeout there are nine powers of ten, so most of the lab's axes are logarithmic.

import { requireFinite } from "./check.js";
import { formatCompact, formatNumber, formatQuantity, hasPrefixes, rungFor, YEAR } from "./quantity.js";

export type ScaleKind = "linear" | "log";

/** What an axis measures. */
export interface Axis {
  /** The quantity, e.g. `round-trip time`. */
  readonly label: string;
  /** Base unit, e.g. `ns`, `pps`, `bit/s`, `B`, `×`, or "" for a bare number. */
  readonly unit: string;
  /** `linear` unless said otherwise. */
  readonly scale?: ScaleKind;
}

/** A labelled position on an axis. */
export interface Tick {
  readonly value: number;
  readonly label: string;
}

/** Values to pixels, with the ticks to draw. */
export interface Scale {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly Tick[];
  /** The axis label with its unit: `latency (µs)`, `latency (log scale)`. */
  readonly caption: string;
  /** Pixel of a value; values outside the scale land on its nearer end. */
  at(value: number): number;
}

/**
 * Makes a scale that holds all values and a little more.
 *
 * @param axis what is measured
 * @param values at least one finite number; above 0 on a logarithmic axis
 * @param pixels where the lowest and the highest value go
 * @param includeZero whether a linear scale starts at 0, as bars need
 * @throws RangeError where a value cannot be on such an axis
 */
export function makeScale(
  axis: Axis,
  values: readonly number[],
  pixels: readonly [number, number],
  includeZero = false,
): Scale {
  for (const value of values) requireFinite(value, `a value on axis "${axis.label}"`);
  const least = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const most = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return axis.scale === "log"
    ? logScale(axis, least, most, pixels)
    : linearScale(axis, least, most, pixels, includeZero);
}

function linearScale(
  { label, unit }: Axis,
  least: number,
  most: number,
  [from, to]: readonly [number, number],
  includeZero: boolean,
): Scale {
  let low = includeZero ? Math.min(0, least) : least;
  let high = includeZero ? Math.max(0, most) : most;
  if (high - low <= 1e-9 * Math.max(Math.abs(low), Math.abs(high))) {
    const room = Math.abs(low) / 2 || 1;
    if (low === 0 || !includeZero) high += room;
    if (low !== 0 && !includeZero) low -= room;
  }
  const step = niceStep((high - low) / 5);
  low = Math.floor(low / step + 1e-9) * step;
  const nextTick = Math.ceil(high / step - 1e-9) * step;
  high = nextTick - high < step / 3 ? nextTick : high + step / 20;
  const rung = rungFor(Math.max(Math.abs(low), Math.abs(high)), unit);
  return {
    low,
    high,
    ticks: linearTicks(low, high, step).map((value) => ({
      value,
      label: tickLabel(value / rung.size, unit),
    })),
    caption: rung.unit === "" || unit === YEAR ? label : `${label} (${rung.unit})`,
    at: (value) => from + (clamp((value - low) / (high - low)) || 0) * (to - from),
  };
}

function logScale(
  { label, unit }: Axis,
  least: number,
  most: number,
  [from, to]: readonly [number, number],
): Scale {
  if (!(least > 0)) {
    throw new RangeError(
      `Cannot draw ${least} on axis "${label}": a logarithmic axis has no 0; no figure was made -> use scale "linear"`,
    );
  }
  const room = most / least < 1.02 ? 1.5 : (most / least) ** 0.03;
  const low = least / room;
  const high = most * room;
  const span = Math.log(high / low);
  return {
    low,
    high,
    ticks: logTicks(low, high).map((value) => ({
      value,
      label: hasPrefixes(unit) || unit === "×" ? formatQuantity(value, unit) : tickLabel(value, unit),
    })),
    caption:
      hasPrefixes(unit) || unit === "" || unit === "×"
        ? `${label} (log scale)`
        : `${label} (${unit}, log scale)`,
    at: (value) => from + (value <= low ? 0 : clamp(Math.log(value / low) / span)) * (to - from),
  };
}

/** Rounds a step up to 1, 2 or 5 times a power of ten. */
function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const digit = [1, 2, 5, 10].find((each) => rough / power <= each * (1 + 1e-9))!;
  return Number((digit * power).toPrecision(1));
}

/** Multiples of a step from low to high, without the dust of floating-point addition. */
export function linearTicks(low: number, high: number, step: number): number[] {
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** Ticks between two positive values: 1, 2, 5 of each decade, whole decades over a wide range, multiples over a narrow one. */
export function logTicks(low: number, high: number): number[] {
  const decades = Math.log10(high / low);
  if (decades < 1) return linearTicks(low, high, niceStep((high - low) / 8)).filter((value) => value > 0);
  const digits = decades < 2.7 ? [1, 2, 5] : [1];
  const every = Math.max(1, Math.ceil(decades / 9));
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
    if (power % every !== 0) continue;
    for (const digit of digits) {
      const value = Number(`${digit}e${power}`);
      if (value >= low && value <= high) ticks.push(value);
    }
  }
  return ticks;
}

/** Ticks are round, so a million and more is written short. */
function tickLabel(value: number, unit: string): string {
  if (unit === YEAR) return formatQuantity(value, unit);
  return Math.abs(value) < 1e6 ? formatNumber(value) : formatCompact(value);
}

function clamp(share: number): number {
  return Math.max(0, Math.min(1, share));
}
