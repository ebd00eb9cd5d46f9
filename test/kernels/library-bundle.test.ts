// A notebook's kernel loads the library from one file. It has to be the same library, and to find the same files.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";

const ROOT = resolve(import.meta.dirname, "../..");
const BUNDLE = join(ROOT, "lab/dist/bundle/ringside.js");

/** What `ringside` exports to a process started with these flags: each name with its kind. */
function exportsOf(flags: readonly string[]): Record<string, string> {
  const script = `const all = await import("ringside");
    console.log(JSON.stringify(Object.fromEntries(Object.entries(all).map(([name, it]) => [name, typeof it]))));`;
  const args = [...flags, "--input-type=module", "-e", script];
  return JSON.parse(execFileSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" }));
}

test("a kernel's ringside exports what everybody's does", () => {
  const everybody = exportsOf([]);
  expect(Object.keys(everybody).length).toBeGreaterThan(100);
  expect(exportsOf(["--conditions=ringside-kernel"])).toEqual(everybody);
});

test("the kernel is started with the condition that picks the bundle", () => {
  const script = "console.log(require('./kernels/jupyter/kernelspec.cjs').writeKernelspec())";
  const folder = execFileSync(process.execPath, ["-e", script], { cwd: ROOT, encoding: "utf8" }).trim();
  const { argv } = JSON.parse(readFileSync(join(folder, "kernels/ringside/kernel.json"), "utf8"));
  expect(argv).toContain("--conditions=ringside-kernel");
});

test("every place that the bundle names for a module is that module's", () => {
  const text = readFileSync(BUNDLE, "utf8");
  const places = [...text.matchAll(/new URL\("([^"]+)", import\.meta\.url\)\.href/g)].map(([, at]) => at!);
  expect(places.length).toBeGreaterThan(10);
  expect(text.match(/import\.meta/g)).toHaveLength(places.length);
  for (const place of places) {
    expect(existsSync(new URL(place, pathToFileURL(BUNDLE))), place).toBe(true);
  }
});
