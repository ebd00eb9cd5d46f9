// The echo of two threads: every question is answered, the kernel's threads sleep where they should, and ends that never sleep are
// ahead of those that do. That holds on a busy machine, too.
import { benchmarks, noGuess, outcomeOf, runExperiment } from "ringside/measure";
import { allowedCpus, pinThread } from "ringside/sys";
import { expect, onTestFinished, test } from "vitest";
import { workInScratch } from "../scratch.js";

workInScratch("udp-echo");

const ROUNDS = 10;

test("an answer by our stack, polled without pause, takes less than one by sockets that sleep", async () => {
  const { udpEcho } = benchmarks;
  const outcome = outcomeOf(
    await runExperiment(udpEcho, {
      guess: noGuess(udpEcho.unit),
      gate: { minIdle: 0, maxSteal: 1 },
      replay: false,
      rounds: ROUNDS,
    }),
  );
  const { ours, sleeping, spinning, oursAnswers, againstSleeping } = outcome;
  for (const { p50, p99, p999, answers, samplesNs } of [ours, sleeping, spinning, oursAnswers]) {
    expect(answers).toBeGreaterThanOrEqual(ROUNDS * 1000);
    expect(samplesNs).toHaveLength(ROUNDS);
    expect(p50.low).toBeLessThanOrEqual(p50.ns);
    expect(p50.ns).toBeLessThanOrEqual(p50.high);
    expect(p50.ns).toBeLessThan(p99.ns);
    expect(p99.ns).toBeLessThanOrEqual(p999.ns);
  }
  expect(ours.p50.ns).toBeLessThan(oursAnswers.p50.ns);
  expect(oursAnswers.p50.ns).toBeLessThan(sleeping.p50.ns);
  expect(spinning.p50.ns).toBeLessThan(sleeping.p50.ns);
  expect(againstSleeping.medianRatio).toBeLessThan(0.8);
});

test("a machine with one CPU is refused, since each end needs its own", async () => {
  const cpus = allowedCpus();
  onTestFinished(() => pinThread(cpus));
  pinThread([cpus[0]!]); // the experiment's process inherits it, and cannot tell it from such a machine
  const { udpEcho } = benchmarks;
  const asked = runExperiment(udpEcho, {
    guess: noGuess(udpEcho.unit),
    gate: { minIdle: 0, maxSteal: 1 },
    replay: false,
    rounds: ROUNDS,
  });
  await expect(asked).rejects.toThrow(
    "Cannot use a CPU for each end of an echo: it needs two CPUs; found one CPU -> give the machine another one",
  );
});
