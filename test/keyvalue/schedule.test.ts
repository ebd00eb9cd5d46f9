import { hotAndColdKeys, KV_SCHEDULE_SLOTS } from "ringside/keyvalue";
import { seededRandom } from "ringside/stats";
import { expect, test } from "vitest";

test("a schedule has exactly the shares that were asked for, in mixed order", () => {
  const spec = { hot: 16, keys: 64, hitShare: 0.75, putShare: 0.25 };
  const asks = hotAndColdKeys(spec, seededRandom(1));
  const puts = asks.filter(({ op }) => op === "put");
  const gets = asks.filter(({ op }) => op === "get");
  expect(asks).toHaveLength(KV_SCHEDULE_SLOTS);
  expect(puts).toHaveLength(KV_SCHEDULE_SLOTS / 4);
  expect(gets.filter(({ key }) => key < 16)).toHaveLength(gets.length * 0.75);
  expect(asks.every(({ key }) => Number.isInteger(key) && key >= 0 && key < 64)).toBe(true);
  const early = asks.slice(0, KV_SCHEDULE_SLOTS / 2).filter(({ op }) => op === "put").length;
  expect(Math.abs(early / puts.length - 0.5)).toBeLessThan(0.05);
});
