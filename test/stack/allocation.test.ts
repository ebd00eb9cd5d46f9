// Nothing is made for a segment or a datagram on its way between the link and the application's memory: what would
// have to be collected later, in the middle of somebody's answer. The bound is not zero, for a number with a fraction that V8 hands
// from one function to another, such as a timed round trip, may become an object of 16 bytes. Mostly none does, and a frame costs
// 0.01 bytes. A view or a slice has 100 and more.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";

const RUN = fileURLToPath(new URL("allocation-run.mjs", import.meta.url));
/** Also: what is hot is compiled at once and not by a thread that may not get its turn on a busy machine. */
const FLAGS = [
  "--expose-gc",
  "--no-concurrent-recompilation",
  "--min-semi-space-size=64",
  "--max-semi-space-size=64",
];
/** Less than one such number a frame: every other object is larger. */
const BOUND = 16;

async function allocated(
  scenario: string,
  ...more: string[]
): Promise<{ bytesPerFrame: number; makers: string[] }> {
  // Addresses beyond 2 ** 31, which V8 does not keep as small integers.
  const addresses = ["192.168.7.1", "192.168.7.2"];
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...FLAGS,
    RUN,
    scenario,
    ...addresses,
    ...more,
  ]);
  return JSON.parse(stdout);
}

describe("the stack, once warm, makes nothing for", () => {
  const scenarios = [
    "a stream",
    "a stream each way",
    "requests on one connection",
    "requests on 32 connections",
    "datagrams",
  ];
  test.each(scenarios)("%s", async (scenario) => {
    const { bytesPerFrame, makers } = await allocated(scenario);
    expect(bytesPerFrame, `makers, in bytes a frame: ${makers.join("; ")}`).toBeLessThan(BOUND);
  });

  test("and a copy of each frame would show, with its maker", async () => {
    const { bytesPerFrame, makers } = await allocated("requests on one connection", "careless");
    expect(bytesPerFrame).toBeGreaterThan(100);
    expect(makers.join()).toContain("slice");
  });
});
