// What "bench paths --json" prints: all that was measured, for a program to read, and still short enough for an eye to find its way.
import type { Environment } from "../measure/index.js";
import { PUBLISHED_ROWS } from "./published-rates.js";

/** A bucket of a histogram, of which a comparison has thousands: as JSON.stringify writes it, on five lines. */
const BUCKET = /\{\s+"low": (\d+),\s+"high": (\d+),\s+"count": (\d+)\s+\}/g;

/**
 * The parts as JSON, with the machine that they were measured on. The guess of each is left out: nobody guessed. A bucket has one
 * line. What others published on network cards stands at the end; what a part cannot show is its own `unseen`.
 *
 * @param parts results by name; a part that was not asked for is left out
 */
export function pathsJson(environment: Environment, parts: object): string {
  const told = Object.entries(parts).map(([name, part]) => [name, withoutGuess(part)]);
  const published = PUBLISHED_ROWS.map(([what, figure, where]) => ({ what, figure, where }));
  const text = JSON.stringify({ environment, ...Object.fromEntries(told), published }, null, 2);
  return text.replaceAll(BUCKET, '{ "low": $1, "high": $2, "count": $3 }');
}

function withoutGuess(part: object | undefined): object | undefined {
  return part && { ...part, guess: undefined };
}
