// How a load is cut into calls. When each frame goes is the program's business: test/net/rate.live.test.ts.
import { describe, expect, test } from "vitest";
import { nextCall, paceOf, restNs } from "../../lab/src/net/pace.js";

const RATES = [1000, 15_000, 100_000, 1_000_000, 5_000_000, 50_000_000];

describe("without a rate", () => {
  test("half a ring goes in a call, and is waited for", () => {
    const pace = paceOf(undefined);
    expect(pace).toMatchObject({ drains: true, intervalNs: null });
    expect(nextCall(pace, 1000, 0)).toEqual({ frames: 128, runs: 128 });
    expect(nextCall(pace, 5, 0)).toEqual({ frames: 5, runs: 5 });
  });

  test("nothing is waited for where rate is all", () => {
    const pace = paceOf(Number.POSITIVE_INFINITY);
    expect(pace).toMatchObject({ drains: false, intervalNs: null });
    expect(nextCall(pace, Number.POSITIVE_INFINITY, 0)).toEqual({ frames: 65_536, runs: 65_536 });
    expect(restNs(pace, 1e9)).toBe(0);
  });
});

describe("at a set rate", () => {
  test.each(RATES)("of %d frames a second whole batches go, which fit into half a ring", (ratePps) => {
    const pace = paceOf(ratePps);
    expect(pace).toMatchObject({ drains: false, intervalNs: 1e9 / ratePps });
    expect(pace.batch).toBeLessThanOrEqual(128);
    const { runs } = nextCall(pace, Number.POSITIVE_INFINITY, 0);
    expect(runs % pace.batch).toBe(0);
    expect(runs).toBeLessThanOrEqual(65_536);
  });

  test("a load that is late may go whole, and needs a run for each frame", () => {
    const { frames, runs } = nextCall(paceOf(1_000_000), 4000, -1e9);
    expect(frames).toBe(4000);
    expect(runs).toBeGreaterThanOrEqual(4000);
  });

  test("a call of few frames ends soon after the last one", () => {
    const pace = paceOf(100_000);
    const { runs } = nextCall(pace, 10, 0); // the last is due in 90 µs
    expect(runs / pace.batch).toBeLessThanOrEqual(90 + 10);
  });

  test("the thread sleeps between frames that lie more than a millisecond apart, and wakes before they are due", () => {
    const pace = paceOf(100);
    expect(nextCall(pace, 50, 0).frames).toBe(1);
    expect(restNs(pace, 10e6)).toBeLessThan(10e6);
    expect(restNs(pace, 10e6)).toBeGreaterThan(9e6);
    expect(restNs(pace, 0.1e6)).toBeLessThanOrEqual(0);
  });
});
