// The order of the paths at the maximum load, with a margin: what a mechanism saves shows whatever the machine. A path that
// comes later in the course is one more line of the list.
import { type PathName, Stage } from "ringside/paths";
import { median } from "ringside/stats";
import { expect, test } from "vitest";

/** From the fastest to the slowest; each is at least `MARGIN` times as fast as the next. */
const ORDER: readonly PathName[] = ["xdp-need-wakeup", "udp-recvmmsg", "node-dgram"];
const MARGIN = 1.2;
const ROUNDS = 5;

test("AF_XDP receives more than a UDP socket, and that more than node:dgram", async () => {
  const stages: Stage[] = [];
  const rates = ORDER.map((): number[] => []);
  try {
    for (const path of ORDER) stages.push(await Stage.open({ path }));
    for (let round = 0; round < ROUNDS; round++) {
      for (const [i, stage] of stages.entries()) {
        const run = await stage.run({ seconds: 0.2, ratePps: Number.POSITIVE_INFINITY });
        expect(run.unaccounted).toBe(0);
        rates[i]!.push(run.receivedPps);
      }
    }
  } finally {
    for (const stage of stages) await stage.close();
  }
  const medians = rates.map((samples) => median(samples));
  for (let i = 1; i < medians.length; i++) {
    expect(medians[i - 1]! / medians[i]!, `${ORDER[i - 1]} over ${ORDER[i]}`).toBeGreaterThan(MARGIN);
  }
});
