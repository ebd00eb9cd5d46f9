// Published data that the course sets beside its own figures, from datasets/figures.
import { readFileSync } from "node:fs";
import type { YearPoint } from "../stats/index.js";

/** A quantity over the years, as somebody else published it. */
export interface PublishedSeries {
  /** What a figure writes at its line. */
  readonly name: string;
  /** What the values are, with their unit. */
  readonly quantity: string;
  readonly source: string;
  /** In the order of the years. */
  readonly points: readonly YearPoint[];
}

const FIGURES: URL = new URL("../../../datasets/figures/", import.meta.url);

/**
 * Reads a published series.
 *
 * @param name of its file, e.g. `single-thread` or `ethernet`; datasets/README.md lists them
 * @throws Error ENOENT where there is none of that name
 */
export function publishedSeries(name: string): PublishedSeries {
  return JSON.parse(readFileSync(new URL(`${name}.json`, FIGURES), "utf8")) as PublishedSeries;
}
