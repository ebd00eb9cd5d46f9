// The experiments that set a rate: what comes, how late, and the largest that is kept. Counts and orderings, on any machine.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { benchmarks, outcomeOf, predict, runExperiment } from "ringside/measure";
import type { Bucket } from "ringside/stats";
import { afterAll, beforeAll, expect, test } from "vitest";

const options = { guess: predict(1, "×"), gate: { minIdle: 0, maxSteal: 1, waitMs: 1500 }, replay: false };
const countOf = (buckets: readonly Bucket[]): number => buckets.reduce((sum, { count }) => sum + count, 0);
const home = process.cwd();
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ringside-rates-"));
  process.chdir(folder); // results are saved under the working directory
});
afterAll(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true, force: true });
});

test("ways out keep a rate under the mix of sizes, and have a time for each packet below it", async () => {
  const paths = ["udp-sendmmsg", "xdp-transmit"] as const;
  const short = { rounds: 2, roundS: 0.05, counted: 1024, trialS: 0.03, shares: [0.2, 0.5], latencyS: 0.05 };
  const result = await runExperiment(benchmarks.sendPaths, {
    ...options,
    paths,
    frameBytes: "imix",
    ...short,
  });
  const outcome = outcomeOf(result);
  expect(outcome.paths.map(({ name }) => name).sort()).toEqual([...paths]);
  expect(outcome.paths.some(({ below }) => below!.ndr.ratePps > 0)).toBe(true);
  for (const { below } of outcome.paths) {
    const { ndr, pdr, latency } = below!;
    expect(ndr.ratePps).toBeLessThanOrEqual(pdr.ratePps);
    // Where the machine pushed the sender off its CPU in both trials of a rate, it has kept none.
    expect(latency.map(({ share }) => share)).toEqual(ndr.ratePps > 0 ? short.shares : []);
    for (const { offered, received, buckets } of latency) {
      expect(received).toBe(offered);
      expect(countOf(buckets)).toBe(received);
    }
  }
});

test("every path at the same rate: what came, a time for each packet, and what the time ends with", async () => {
  const paths = ["xdp-drop", "udp-recvmmsg", "dpdk-af-xdp", "dpdk-forward"] as const;
  const load = { ratesPps: [1000, 4000], runS: 0.2 };
  const outcome = outcomeOf(await runExperiment(benchmarks.fixedRates, { ...options, paths, ...load }));
  expect(outcome.paths.map(({ name }) => name).sort()).toEqual([...paths].sort());
  for (const { name, timedUntil, rates } of outcome.paths) {
    expect(rates.map(({ ratePps }) => ratePps)).toEqual(load.ratesPps);
    for (const { offered, received, unaccounted, latency } of rates) {
      expect({ name, offered, unaccounted }).toEqual({ name, offered: received, unaccounted: 0 });
      expect(latency === null).toBe(name === "dpdk-af-xdp");
      expect(timedUntil === null).toBe(name === "dpdk-af-xdp");
      if (latency !== null) expect(countOf(latency.buckets)).toBe(received);
    }
  }
});
