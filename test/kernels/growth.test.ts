// A kernel in which somebody checks and checks: how far its heap may grow, and what of a check may stay in it.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

const ROOT = resolve(import.meta.dirname, "../..");
const KERNEL = join(ROOT, "kernels/jupyter");
/** Enough garbage, at 2 MB a check, that V8 collects it by itself, and the compiler has made its own caches. */
const CHECKS_BEFORE = 140;
const CHECKS_MORE = 60;
/** Times what is needed: 1.5 by the kernel's flag and the young generation. V8 alone lets it grow to four times. */
const WIDEST = 2.6;
/** Bytes a check: 5 000 to 15 000 were seen, most of them the compiler's, and fewer the longer it runs. A program kept would be 2 MB. */
const MOST_KEPT = 30_000;

interface Growth {
  widest: number;
  settled: number;
  kept: number;
  cellsHeld: number;
}

/** What the kernelspec starts Node.js with. */
function kernelFlags(): string[] {
  const script = `console.log(require(${JSON.stringify(join(KERNEL, "kernelspec.cjs"))}).writeKernelspec())`;
  const folder = execFileSync(process.execPath, ["-e", script], { encoding: "utf8" }).trim();
  const { argv } = JSON.parse(readFileSync(join(folder, "kernels/ringside/kernel.json"), "utf8")) as {
    argv: string[];
  };
  return argv.filter((flag) => flag.startsWith("--") && flag !== "--connection-file");
}

test("checking again and again neither widens the heap without end nor leaves anything of a cell", {
  timeout: 120_000,
}, () => {
  // V8 keeps compiled scripts until it collects by itself several times, and a forced collection does not count.
  const measuring = ["--expose-gc", "--no-compilation-cache"];
  const child = join(import.meta.dirname, "child-that-checks.cjs");
  const args = [...kernelFlags(), ...measuring, child, KERNEL, `${CHECKS_BEFORE}`, `${CHECKS_MORE}`];
  const growth = JSON.parse(
    execFileSync(process.execPath, args, { cwd: join(ROOT, "notebooks"), encoding: "utf8" }),
  ) as Growth;
  const { widest, settled, kept, cellsHeld } = growth;
  console.info(
    `needed ${Math.round(settled / 1e6)} MB, widest ${Math.round(widest / 1e6)} MB, ${Math.round(kept / 1e3)} kB a check`,
  );
  expect(widest / settled).toBeLessThan(WIDEST);
  expect(kept).toBeLessThan(MOST_KEPT);
  expect(cellsHeld).toBeLessThanOrEqual(2);
});
