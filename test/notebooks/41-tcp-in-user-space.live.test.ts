// The facts that notebook 41 tells: counts and orderings, never times.
import { measure, outcomeOf, predict } from "ringside/measure";
import { expect, test } from "vitest";
import { workInScratch } from "../scratch.js";

workInScratch("41");

const guess = predict(0, "segments");

test("what the wire loses goes again, hardly more than that, and the kernel's reader gets every byte", async () => {
  const outcome = outcomeOf(await measure.tcpOnBadWire({ guess }));
  const { bytes, isWhole, lost, seen, sentAgain, segments, acks, states } = outcome;
  expect([bytes, isWhole]).toEqual([512 * 1024, true]);
  expect(lost).toBe(Math.floor(seen / 40));
  expect(lost).toBeGreaterThanOrEqual(9);
  // The last frame lost may have been the FIN; a timeout at the end may send what had arrived.
  expect(sentAgain).toBeGreaterThanOrEqual(lost - 2);
  expect(sentAgain).toBeLessThan(5 * lost);
  expect(segments.filter(({ again }) => !again).reduce((sum, segment) => sum + segment.bytes, 0)).toBe(bytes);
  expect(acks.at(-1)!.acknowledgment).toBeGreaterThanOrEqual(bytes);
  expect(states.map(({ to }) => to)).toEqual([
    "SYN-SENT",
    "ESTABLISHED",
    "FIN-WAIT-1",
    "FIN-WAIT-2",
    "TIME-WAIT",
    "CLOSED",
  ]);
});

test("nothing goes again where nothing is lost", async () => {
  const { isWhole, lost, sentAgain, timeouts } = outcomeOf(await measure.tcpOnBadWire({ guess, faults: {} }));
  expect({ isWhole, lost, sentAgain, timeouts }).toEqual({
    isWhole: true,
    lost: 0,
    sentAgain: 0,
    timeouts: 0,
  });
});

test("iperf3 and our stack count the same bytes, both ways", async () => {
  const { version, sides } = outcomeOf(await measure.iperf3Exchange({ guess: predict(0, "frames"), mib: 4 }));
  expect(version).toMatch(/^iperf 3\./);
  expect(sides.map(({ sender }) => sender)).toEqual(["the kernel", "ours"]);
  const [forth, back] = sides;
  expect(forth!.receivedBytes).toBe(forth!.ourBytes);
  expect(back!.sentBytes).toBe(back!.ourBytes);
  expect(forth!.framesIn * 1460).toBeGreaterThanOrEqual(forth!.receivedBytes);
  expect(back!.framesOut * 1460).toBeGreaterThanOrEqual(back!.receivedBytes);
  expect(back!.receivedBytes).toBeGreaterThanOrEqual(4 << 20);
});
