// The order of the paths at the maximum load, with a margin: what a mechanism saves shows whatever the machine. A path that
// comes later in the course is one more line of the list.
import { type PathName, Stage } from "ringside/paths";
import { expect, test } from "vitest";

/** From the fastest to the slowest; each is at least `MARGIN` times as fast as the next. */
const ORDER: readonly PathName[] = [
  "xdp-drop",
  "xdp-need-wakeup",
  "xdp-drop-generic",
  "xdp-pass",
  "udp-recvmmsg",
  "node-dgram",
];
const MARGIN = 1.05;
/** At least, and at most: a busy machine takes from a consumer's rounds until one is left alone. */
const [LEAST_ROUNDS, MOST_ROUNDS] = [4, 60];

test("the less of the kernel a packet meets, the more of them come", async () => {
  const stages: Stage[] = [];
  const best = ORDER.map(() => 0); // others on the machine can only take from a rate
  const ratios = (): number[] => best.slice(1).map((rate, i) => best[i]! / rate);
  try {
    for (const path of ORDER) stages.push(await Stage.open({ path }));
    for (const { cpus } of stages) expect(cpus).toEqual(stages[0]!.cpus);
    for (let round = 0; round < MOST_ROUNDS; round++) {
      for (const [i, stage] of stages.entries()) {
        const run = await stage.run({ seconds: 0.15, ratePps: Number.POSITIVE_INFINITY });
        expect(run, JSON.stringify({ ...run, latencies: [] })).toMatchObject({ unaccounted: 0 });
        best[i] = Math.max(best[i]!, run.receivedPps);
      }
      if (round >= LEAST_ROUNDS && ratios().every((ratio) => ratio > MARGIN)) break;
    }
  } finally {
    for (const stage of stages) await stage.close();
  }
  for (const [i, ratio] of ratios().entries()) {
    expect(
      ratio,
      `${ORDER[i]} over ${ORDER[i + 1]}, packets a second ${best.map(Math.round)}`,
    ).toBeGreaterThan(MARGIN);
  }
}, 180_000);
