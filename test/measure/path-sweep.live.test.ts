// One thing is varied at a time: sizes from the shortest to the longest frame, batches, and what the program reads. Counts, not speeds.
import { measure, outcomeOf, predict, type SweepAxis } from "ringside/measure";
import { expect, test } from "vitest";

const SETTINGS: readonly [SweepAxis, readonly (number | string)[]][] = [
  ["frameBytes", [60, 124, 252, 508, 1020, 1514]], // 64 to 1518 on the wire
  ["batch", [1, 4, 16, 64, 256]],
  ["touch", ["nothing", "headers", "bytes"]],
];
/** What a frame holds where its length is not what varies. */
const FRAME_BYTES: Readonly<Record<SweepAxis, number | null>> = { frameBytes: null, batch: 60, touch: 1020 };

test.each(SETTINGS)(
  "a sweep over %s offers packets at each setting, and accounts for all of them",
  async (axis, settings) => {
    const gate = { minIdle: 0, maxSteal: 1, waitMs: 1500 };
    const paths = ["xdp-need-wakeup", "udp-recvmmsg"] as const;
    const guess = predict(2, "×");
    const result = await measure.pathSweep({
      paths,
      axis,
      rounds: 2,
      roundS: 0.05,
      guess,
      gate,
      replay: false,
    });
    const { points } = outcomeOf(result);
    expect(points.map(({ path, at }) => [path, at])).toEqual(
      paths.flatMap((path) => settings.map((at) => [path, at])),
    );
    for (const { at, max, gigabitsPerSecond } of points) {
      expect(max.received).toBeGreaterThan(0);
      const lost = max.losses.reduce((sum, { packets }) => sum + packets, 0);
      expect({ lost, unaccounted: max.unaccounted }).toEqual({
        lost: max.offered - max.received,
        unaccounted: 0,
      });
      const bytes = FRAME_BYTES[axis] ?? (at as number);
      expect(gigabitsPerSecond).toBeCloseTo((max.medianPps * bytes * 8) / 1e9, 9);
    }
  },
);
