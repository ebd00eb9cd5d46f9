// CUBIC's window by RFC 9438, number by number; and what it is worth where segments are lost by chance.
import { CubicWindow, ModelNetwork, RenoWindow, RtoEstimator, SeenClock, VirtualClock } from "ringside/stack";
import { describe, expect, test } from "vitest";

const MSS = 1000;
const FULL = 100 * MSS;

/** A window whose acknowledgments come when they are told to; the round trip is 100 ms. */
function cubic(cwnd: number): {
  window: CubicWindow;
  acknowledge: (bytes: number, afterMs: number) => void;
  wait: (ms: number) => void;
} {
  const hands = new VirtualClock();
  const clock = new SeenClock(hands);
  const rto = new RtoEstimator({ minRtoMs: 200, maxRtoMs: 60_000, initialRtoMs: 1000 });
  rto.sample(100);
  const window = new CubicWindow(MSS, clock, rto);
  window.cwnd = cwnd;
  const wait = (ms: number): void => {
    hands.advance(ms);
    clock.look();
  };
  const acknowledge = (bytes: number, afterMs: number): void => {
    wait(afterMs);
    window.acknowledged(bytes);
  };
  return { window, acknowledge, wait };
}

/** Ten round trips a second, in each of them the whole window is acknowledged by twos. @returns The window in segments at the end. */
function run({ window, acknowledge }: ReturnType<typeof cubic>, seconds: number): number {
  for (let leftMs = seconds * 1000; leftMs > 0.001; ) {
    const stepMs = Math.min(leftMs, (100 * 2 * MSS) / window.cwnd);
    acknowledge(2 * MSS, stepMs);
    leftMs -= stepMs;
  }
  return window.cwnd / MSS;
}

describe("CUBIC", () => {
  test("keeps seven tenths after a loss, and Reno half", () => {
    const { window } = cubic(FULL);
    window.lost(FULL);
    expect([window.cwnd, window.ssthresh]).toEqual([70 * MSS, 70 * MSS]);
    const reno = new RenoWindow(MSS);
    reno.lost(FULL);
    expect(reno.cwnd).toBe(50 * MSS);
  });

  test("is back where it was after the cube root of what it lost, and stays about there before it looks for more", () => {
    const path = cubic(FULL);
    path.window.lost(FULL);
    const levelAt = Math.cbrt(30 / 0.4); // 4.2 s
    expect(run(path, levelAt / 2)).toBeCloseTo(100 - 0.4 * (levelAt / 2) ** 3, 0);
    expect(run(path, levelAt / 2)).toBeCloseTo(100, 0);
    expect(run(path, 1)).toBeLessThan(102);
    expect(run(path, levelAt)).toBeGreaterThan(130);
  });

  test("leaves room to others where it lost below its plateau", () => {
    const path = cubic(10 * FULL);
    path.window.lost(10 * FULL);
    path.window.lost(7 * FULL);
    // The plateau is now 700 * 1.7 / 2 = 595 segments and 6.4 s away; without that rule it would be 700, and 698 reached by then.
    const levelAt = Math.cbrt((595 - 490) / 0.4);
    expect(path.window.cwnd).toBeCloseTo(4.9 * FULL, 6);
    const segments = run(path, levelAt);
    expect(Math.abs(segments - 595)).toBeLessThan(3);
  });

  test("is as wide as Reno's where the curve is too slow: on short round trips", () => {
    const { window, acknowledge } = cubic(10 * MSS);
    window.lost(10 * MSS);
    for (let segment = 0; segment < 35; segment++) acknowledge(MSS, 0.01);
    // Five windows of 7 segments in 0.35 ms: the curve has not moved, Reno's pace is 0.53 a window.
    expect(window.cwnd / MSS).toBeGreaterThan(9);
    expect(window.cwnd / MSS).toBeLessThan(7 + 5 * 0.53);
  });

  test("begins with one segment after a timeout, and then from where slow start ends", () => {
    const path = cubic(FULL);
    path.window.timedOut(FULL, false);
    expect([path.window.cwnd, path.window.ssthresh]).toEqual([MSS, 70 * MSS]);
    while (path.window.cwnd < path.window.ssthresh) path.acknowledge(2 * MSS, 1);
    const from = path.window.cwnd / MSS;
    const segments = run(path, 5);
    expect(Math.abs(segments - (from + 0.4 * 5 ** 3))).toBeLessThan(3);
  });

  test("does not count the time in which nothing was to be sent", () => {
    const path = cubic(FULL);
    path.window.lost(FULL);
    const before = run(path, 1);
    path.wait(60_000);
    path.window.unneeded();
    path.acknowledge(2 * MSS, 1);
    expect(path.window.cwnd / MSS - before).toBeLessThan(1);
  });
});

/** 300 kB through a wire that loses by chance. @returns How long it took, in ms. */
function take(congestion: "cubic" | "reno", loss: number, seed: number): number {
  const network = new ModelNetwork({ seed, delayMs: 1 }, { congestion });
  const listener = network.b.listenTcp(80, 4);
  const client = network.a.connectTcp({ address: network.b.address, port: 80 });
  network.run(() => listener.acceptable === 1);
  const server = listener.accept()!;
  network.wire.faults = { ...network.wire.faults, loss };
  const startMs = network.clock.nowMs();
  const data = new Uint8Array(300_000);
  const into = new Uint8Array(65_536);
  let [written, read] = [0, 0];
  network.run(() => {
    written += client.write(data, written);
    for (let got = server.read(into); got > 0; got = server.read(into)) read += got;
    return read === data.length;
  });
  return network.clock.nowMs() - startMs;
}

test.each([0.01, 0.05])("a stream through loss of %s takes less time than with Reno", (loss) => {
  const sum = (congestion: "cubic" | "reno"): number =>
    Array.from({ length: 40 }, (_, seed) => take(congestion, loss, seed + 1)).reduce((a, b) => a + b);
  expect(sum("cubic")).toBeLessThan(0.95 * sum("reno"));
});
