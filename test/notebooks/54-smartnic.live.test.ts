import { measure, outcomeOf, predict } from "ringside/measure";
import { expect, test } from "vitest";

test("a packet costs a core more than its program, and a program that looks a key up more than one that does nothing", async () => {
  const gate = { minIdle: 0, maxSteal: 100 };
  const result = await measure.offloadCosts({ rounds: 10, guess: predict(100, "ns"), gate });
  const { packet, driver, programs } = outcomeOf(result);
  const named = new Map(programs.map(({ name, ns }) => [name, ns]));
  expect(packet.ns).toBeGreaterThan(named.get("drop")!);
  expect(driver.ns).toBeLessThanOrEqual(packet.ns);
  expect(named.get("kv_cache, a miss")!).toBeGreaterThan(named.get("drop")!);
});
