// Numbers as people read them: three significant digits, a prefix that suits the size, and always the unit.

import { formatCount } from "../base/index.js";

/** A larger unit and how many of the base unit it holds. */
export interface Rung {
  readonly size: number;
  readonly unit: string;
}

const LADDERS: Readonly<Record<string, readonly Rung[]>> = {
  ns: ladder("ns", "µs", "ms", "s"),
  pps: ladder("pps", "kpps", "Mpps", "Gpps"),
  "bit/s": ladder("bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s"),
  "B/s": ladder("B/s", "kB/s", "MB/s", "GB/s", "TB/s"),
};

function ladder(...units: string[]): Rung[] {
  return units.map((unit, step) => ({ size: 1000 ** step, unit }));
}

/** The unit of dates: a year is a name more than a number, and is written `1988`, not `1 988`. */
export const YEAR = "year";

/** Whether values of this unit are shown with a prefix that changes along an axis (1 µs, 1 ms). */
export function hasPrefixes(unit: string): boolean {
  return Object.hasOwn(LADDERS, unit);
}

/** The rung on which a value has the fewest digits; units without prefixes have only themselves. */
export function rungFor(value: number, unit: string): Rung {
  const rungs = hasPrefixes(unit) ? LADDERS[unit] : [{ size: 1, unit }];
  return rungs.findLast((rung) => Math.abs(value) >= rung.size) ?? rungs[0];
}

/** A bare number, a whole one to the last digit: `0.031`, `1.42`, `65 536`, `1 234 567`, `12.5M`, `1e21`. */
export function formatNumber(value: number): string {
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e7) return value < 0 ? `-${formatCount(size)}` : formatCount(size);
  return formatCompact(value);
}

/** A bare number in at most seven characters: `65.5k` is written `65 500`, from a million on `1.23M`. */
export function formatCompact(value: number): string {
  const rounded = Number(value.toPrecision(3));
  const size = Math.abs(rounded);
  if (size >= 1e18 || (size < 1e-4 && size > 0)) return rounded.toExponential().replace("+", "");
  if (size < 1e6) return Number.isInteger(rounded) && size >= 1000 ? formatNumber(rounded) : String(rounded);
  const step = Math.floor(Math.log10(size) / 3);
  return `${significant(rounded / 1000 ** step)}${["M", "G", "T", "P"][step - 2]}`;
}

/** A value with its unit: `61.5 ns`, `4.9 Mpps`, `1.42×`, `2.7 %`, `65 536 frames`. */
export function formatQuantity(value: number, unit: string): string {
  if (hasPrefixes(unit)) {
    const rung = rungFor(Number(value.toPrecision(3)), unit);
    return `${significant(value / rung.size)} ${rung.unit}`;
  }
  if (unit === YEAR) return String(value);
  if (unit === "×") return `${formatNumber(value)}×`;
  return unit === "" ? formatNumber(value) : `${formatNumber(value)} ${unit}`;
}

/** How a guess missed: `3.2× too low`, `2× too high`, `close, within 10 %`. */
export function describeMiss(guess: number, measured: number): string {
  if (guess === measured) return "exactly right";
  if (guess === 0 || measured === 0) return guess < measured ? "too low" : "too high";
  const factor = guess < measured ? measured / guess : guess / measured;
  if (factor <= 1.1) return "close, within 10 %";
  return `${factor < 1e6 ? Number(factor.toPrecision(factor < 10 ? 2 : 3)) : "over a million"}× too ${guess < measured ? "low" : "high"}`;
}

function significant(value: number): string {
  return Number(value.toPrecision(3)).toString();
}
