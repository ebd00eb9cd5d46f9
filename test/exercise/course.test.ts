import { exercises } from "ringside/exercise";
import { expect, test } from "vitest";
import { fixture as twoRates } from "./fixtures/01-faster-than-the-cpu/two-rates.js";
import { fixture as cacheMissesAt200G } from "./fixtures/02-packet-budgets/cache-misses-at-200g.js";
import { fixture as derive1538 } from "./fixtures/02-packet-budgets/derive-1538.js";
import { fixture as neverDies } from "./fixtures/20-one-skb-per-packet/the-buffer-that-never-dies.js";
import { fixture as findTheBug } from "./fixtures/31-rings-from-scratch/find-the-bug.js";
import { fixture as writeARing } from "./fixtures/31-rings-from-scratch/write-a-ring.js";
import { fixture as parseABlock } from "./fixtures/32-packet-mmap/parse-a-block.js";
import { fixture as findTheLeak } from "./fixtures/33-af-xdp/find-the-leak.js";
import { fixture as receiveLoop } from "./fixtures/33-af-xdp/receive-loop.js";
import { fixture as zeroCopySwap } from "./fixtures/34-netmap/zero-copy-swap.js";
import { fixture as burstLoop } from "./fixtures/35-dpdk/burst-loop.js";
import { fixture as mempool } from "./fixtures/35-dpdk/mempool.js";
import { fixture as fairTest } from "./fixtures/52-the-veth-trap/fair-test.js";
import { fixture as yourVerdict } from "./fixtures/60-bake-off/your-verdict.js";
import { testExercise } from "./fixtures/fixture.js";

testExercise(twoRates);
testExercise(derive1538);
testExercise(cacheMissesAt200G);
testExercise(neverDies);
testExercise(writeARing);
testExercise(findTheBug);
testExercise(parseABlock);
testExercise(receiveLoop);
testExercise(findTheLeak);
testExercise(fairTest);
testExercise(yourVerdict);
testExercise(zeroCopySwap);
testExercise(mempool);
testExercise(burstLoop);

test("ids are unique and name a notebook and an exercise", () => {
  const ids = exercises.map((exercise) => exercise.id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^\d\d-[a-z-]+\/[a-z0-9-]+$/);
});
