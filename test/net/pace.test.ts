import { expect, test } from "vitest";
import { paceOf } from "../../lab/src/net/pace.js";

/** Plays a second of a schedule. @returns When each call was made, and how many frames it sent */
function play(ratePps: number): { atS: number; frames: number }[] {
  const pace = paceOf(ratePps);
  const calls: { atS: number; frames: number }[] = [];
  let sent = 0;
  for (let atS = 0; atS < 1; atS = Math.max(pace.nextAtS(sent), atS + 1e-9)) {
    const frames = pace.due(atS, sent);
    if (frames > 0) calls.push({ atS, frames });
    sent += frames;
  }
  return calls;
}

test.each([1000, 15_000, 20_000, 21_000, 500_000, 2_000_000])(
  "at %d frames a second no frame is early, and none later than 50 µs",
  (ratePps) => {
    let sent = 0;
    for (const { atS, frames } of play(ratePps)) {
      const [first, last] = [sent / ratePps, (sent + frames - 1) / ratePps];
      expect(last).toBeLessThanOrEqual(atS + 1e-9);
      expect(atS - first).toBeLessThanOrEqual(50e-6 + 1e-9);
      sent += frames;
    }
    expect(Math.abs(sent - ratePps)).toBeLessThanOrEqual(ratePps / 20_000 + 1);
  },
);

test("makes at most 20 000 calls a second, for each call's page pool has a number of its own for a second", () => {
  for (const ratePps of [40_000, 100_000, 3_000_000])
    expect(play(ratePps).length).toBeLessThanOrEqual(20_001);
});
