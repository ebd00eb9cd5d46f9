// The facts that notebook 40 tells: counts, never times.
import { measure, outcomeOf, predict } from "ringside/measure";
import { expect, test } from "vitest";
import { workInScratch } from "../scratch.js";

workInScratch("40");

test("our stack answers every ping and datagram of Linux, and the kernel in whose place it stands answers none", async () => {
  const outcome = outcomeOf(await measure.stackEchoes({ guess: predict(0, "pings"), packets: 50 }));
  expect(outcome).toMatchObject({
    pingsSent: 50,
    pingsAnswered: 50,
    byKernel: 0,
    datagramsEchoed: 50,
    closedPort: "ECONNREFUSED",
    drops: [["udpNoPort", 1]],
  });
  const frames = Object.fromEntries(outcome.frames.map(({ kind, ...count }) => [kind, count]));
  expect(frames.ICMP).toEqual({ in: 50, out: 51 });
  expect(frames.UDP).toEqual({ in: 51, out: 50 });
  // Linux may ask once more for an entry that it has used for a while.
  expect(frames.ARP!.in).toBeGreaterThanOrEqual(1);
  expect(frames.ARP!.in).toBeLessThan(5);
  expect(frames.ARP!.out).toBe(frames.ARP!.in);
});
