import { measure, outcomeOf, predict } from "ringside/measure";
import { expect, test } from "vitest";

test("a sync is one system call up to 32 packets, every packet sent arrives, and a batch pays", {
  timeout: 30_000,
}, async () => {
  const gate = { minIdle: 0, maxSteal: 1 };
  const params = { batches: [1, 8, 32, 256], rounds: 10, guess: predict(2, "×"), gate };
  const { points, comparison, sent, arrived } = outcomeOf(await measure.netmapBatch(params));
  expect(points.map(({ callsPerPacket }) => callsPerPacket)).toEqual([1, 1 / 8, 1 / 32, 1 / 32]);
  expect(arrived).toBe(sent);
  expect(comparison.medianRatio).toBeGreaterThan(1.3);
});
