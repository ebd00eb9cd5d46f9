// Which layer of our stack takes a packet's time: no speed is asserted, but what must cost more.
import { benchmarks, outcomeOf, predict, runExperiment } from "ringside/measure";
import { expect, test } from "vitest";
import { workInScratch } from "../scratch.js";

workInScratch("stack-parts");

test("summing a long datagram and copying it take longer than a short one, and every packet fell where it should", {
  timeout: 60_000,
}, async () => {
  const options = { guess: predict(1, "ns"), gate: { minIdle: 0, maxSteal: 1, waitMs: 1500 }, replay: false };
  const { sizes, tcpRequest } = outcomeOf(
    await runExperiment(benchmarks.stackParts, { ...options, payloads: [64, 1400], rounds: 5 }),
  );
  const [short, long] = sizes.map(({ parts }) => Object.fromEntries(parts.map(({ way, ns }) => [way, ns])));
  for (const way of ["udp", "application", "answer"]) expect(long![way]).toBeGreaterThan(short![way]!);
  for (const { whole, parts } of sizes) expect(whole.ns).toBeGreaterThan(parts[0]!.ns);
  expect(tcpRequest.ns).toBeGreaterThan(sizes[0]!.whole.ns);
});
