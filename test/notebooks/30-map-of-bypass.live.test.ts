// The facts that notebook 30 tells: counts, never times.
import { measure, outcomeOf, predict } from "ringside/measure";
import { expect, test } from "vitest";
import { workInScratch } from "../scratch.js";

workInScratch("30");

test("a mapped ring saves calls, and only what turns off before the stack saves the skb", async () => {
  const counted = 8192;
  const paths = ["udp-recvmsg", "packet-mmap", "xdp-need-wakeup", "xdp-drop"] as const;
  const { paths: found, missing } = outcomeOf(
    await measure.bakeOff({
      guess: predict(10, "×"),
      ...{ paths, counted, rounds: 2, roundS: 0.02, trialS: 0 },
      gate: { minIdle: 0, maxSteal: 1 }, // counts hold on a busy machine
    }),
  );
  expect(missing).toEqual([]);
  const events = Object.fromEntries(found.map(({ name, events }) => [name, events!]));
  expect(Object.keys(events).sort()).toEqual([...paths].sort());
  const skbs = paths.map((name) => events[name]!.skbs / events[name]!.packets);
  expect(skbs).toEqual([1, 1, 0, 0]);
  // One call a packet by the socket; hardly any, or none, by a ring; and a drop has no program of ours to make one.
  expect(events["udp-recvmsg"]!.receiving).toBeGreaterThanOrEqual(counted);
  expect(events["packet-mmap"]!.receiving).toBeLessThan(counted / 50);
  expect(events["xdp-need-wakeup"]!.receiving).toBe(0);
  expect(events["xdp-drop"]!.receiving).toBeNull();
});
