// The facts that notebook 60 tells: counts and orderings, never times.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { measure, outcomeOf, predict } from "ringside/measure";
import { afterAll, beforeAll, expect, test } from "vitest";

/** Orders hold on a busy machine too. */
const anyMachine = { minIdle: 0, maxSteal: 1, waitMs: 1500 };
const home = process.cwd();
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ringside-60-"));
  process.chdir(folder); // results are saved under the working directory
});
afterAll(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true, force: true });
});

test("compares paths under one load, with every packet accounted for and exact events", async () => {
  const paths = ["xdp-drop", "xdp-need-wakeup", "udp-recvmsg"] as const;
  const options = {
    paths,
    rounds: 4,
    roundS: 0.03,
    trialS: 0.03,
    shares: [0.5],
    latencyS: 0.1,
    counted: 4096,
  };
  const result = await measure.bakeOff({ guess: predict(5, "×"), gate: anyMachine, ...options });
  const outcome = outcomeOf(result);
  expect(outcome.missing).toEqual([]);
  const byName = Object.fromEntries(outcome.paths.map((path) => [path.name, path]));
  expect(Object.keys(byName).sort()).toEqual([...paths].sort());
  expect(outcome.paths[0]!.name).toBe("xdp-drop");
  for (const { max } of outcome.paths) expect(max.unaccounted).toBe(0);
  expect(byName["xdp-need-wakeup"]!.events).toMatchObject({ received: 4096, receiving: 0, skbs: 0 });
  // Who ends a packet keeps its time: the kernel's program at a drop, ours at the others.
  for (const { name, below, timedUntil } of outcome.paths) {
    const { received, buckets } = below!.latency[0]!;
    expect(
      buckets.reduce((sum, { count }) => sum + count, 0),
      name,
    ).toBe(received);
    expect(timedUntil).toMatch(name === "xdp-drop" ? /^the program sees / : /^the program takes /);
  }
  const { events, below } = byName["udp-recvmsg"]!;
  expect(events).toMatchObject({ received: 4096, skbs: 4096 });
  expect(events!.receiving).toBeGreaterThanOrEqual(4096);
  expect(below!.pdr.ratePps).toBeGreaterThanOrEqual(below!.ndr.ratePps);
  const { p50Ns, maxNs, buckets } = below!.latency[0]!;
  expect(p50Ns).toBeGreaterThan(0);
  expect(maxNs).toBeGreaterThanOrEqual(p50Ns);
  expect(buckets.length).toBeGreaterThan(0);
});
