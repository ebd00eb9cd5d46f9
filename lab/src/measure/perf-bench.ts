// perf's own benchmarks: the same things, measured by a program that others wrote.
import { execFileSync } from "node:child_process";
import { NotSupportedError } from "../base/index.js";
import type { Variant } from "./interleave.js";

/**
 * One of perf's benchmarks as a variant. It runs where this thread may run; perf does not count its own start.
 *
 * @param name e.g. `["syscall", "basic"]`
 * @param loops operations of one run: some 30 ms of them
 * @param options what the benchmark takes beside
 */
export function perfVariant(
  name: readonly [string, string],
  loops: number,
  options: readonly string[] = [],
): Variant {
  const words = `perf bench ${name.join(" ")}`;
  return {
    name: words,
    batch: (iterations) => askPerf(words, [...name, ...options, "-l", String(loops)]) * iterations,
  };
}

/** @returns nanoseconds for one operation, as perf says it */
function askPerf(words: string, args: readonly string[]): number {
  let text: string;
  try {
    text = execFileSync("perf", ["bench", ...args], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
  } catch (error) {
    const found = (error as NodeJS.ErrnoException).code === "ENOENT" ? "no perf" : (error as Error).message;
    throw new NotSupportedError(words, "perf", found, "run sh vm/provision.sh bench");
  }
  const microseconds = /([\d.]+) usecs\/op/.exec(text)?.[1];
  if (microseconds !== undefined) return Number(microseconds) * 1000;
  throw new NotSupportedError(words, "its usual answer", JSON.stringify(text), "run it by hand");
}
