// The facts that notebook 52 tells: counts and orderings, never times.
import { measure, outcomeOf, predict } from "ringside/measure";
import { expect, test } from "vitest";
import { workInScratch } from "../scratch.js";

/** Orders hold on a busy machine too. */
const anyMachine = { minIdle: 0, maxSteal: 1, waitMs: 1500 };
workInScratch("52");

test("delivers every packet of both sources, and a frame is dropped sooner by a native program than by a generic one", async () => {
  const result = await measure.dropBySource({ guess: predict(1, "×"), rounds: 12, gate: anyMachine });
  const { sent, arrived, costs } = outcomeOf(result);
  expect(arrived).toBe(sent);
  expect(costs.frames.native.ns).toBeLessThan(costs.frames.generic.ns);
  // A socket alone costs more than all that happens to a frame of the injector.
  expect(costs.socket.native.ns).toBeGreaterThan(2 * costs.frames.native.ns);
});

test("loses every frame where the peer has no NAPI, and only the redirect's tracepoint knows", async () => {
  const frames = 50_000;
  const { trials, counters } = outcomeOf(await measure.lostOnVeth({ guess: predict(0, "frames"), frames }));
  expect(trials).toEqual([
    { state: "no NAPI", offered: frames, arrived: 0, taken: 0, refused: frames, error: "EOPNOTSUPP" },
    { state: "GRO on", offered: frames, arrived: frames, taken: frames, refused: 0, error: null },
    { state: "XDP program", offered: frames, arrived: frames, taken: frames, refused: 0, error: null },
  ]);
  expect(counters.length).toBeGreaterThan(5);
  for (const { name, a, b } of counters) expect({ name, a, b }).toEqual({ name, a: 0, b: 0 });
});

test("TCP loses its large segments once a program is attached", async () => {
  const result = await measure.tcpUnderXdp({ guess: predict(1, "×"), rounds: 10, gate: anyMachine });
  const { without, withProgram } = outcomeOf(result);
  expect(without.segmentation).toBe(true);
  expect(withProgram.segmentation).toBe(false);
  expect(without.bytesPerPacket).toBeGreaterThan(10_000);
  expect(withProgram.bytesPerPacket).toBeLessThanOrEqual(1460);
});
