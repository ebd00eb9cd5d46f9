import { execFileSync } from "node:child_process";
import { countSkbs } from "ringside/measure";
import { expect, test } from "vitest";

const FRAMES = 65_536;

test("a native program that drops costs no skb", async () => {
  const outcome = await countSkbs({ program: "drop", frames: FRAMES });
  expect(outcome).toMatchObject({ frames: FRAMES, arrived: FRAMES, xdpMode: "native", uncounted: 0 });
  expect(outcome).toMatchObject({ made: 0, dropped: 0, consumed: 0, waiting: 0, received: 0 });
});

test("a stack without a socket makes one skb a frame and drops each with its reason", async () => {
  const outcome = await countSkbs({ program: "pass", frames: FRAMES });
  expect(outcome).toMatchObject({ arrived: FRAMES, made: FRAMES, dropped: FRAMES, waiting: 0, uncounted: 0 });
  expect(outcome.reasons).toEqual({ NO_SOCKET: FRAMES });
  expect(outcome.unseen[0]).toContain("born in bulk");
});

test("a socket whose reader stalls keeps what its buffer takes, the rest dies of it", async () => {
  const outcome = await countSkbs({ program: "fullSocket", frames: FRAMES });
  expect(outcome).toMatchObject({ arrived: FRAMES, made: FRAMES, consumed: 0, uncounted: 0 });
  expect(outcome.reasons).toEqual({ SOCKET_RCVBUFF: outcome.dropped });
  expect(outcome.waiting).toBeGreaterThan(0);
  expect(outcome.dropped + outcome.waiting).toBe(FRAMES);
  expect(outcome.received).toBe(outcome.waiting);
});

test("AF_XDP receives every frame without an skb", async () => {
  const outcome = await countSkbs({ program: "afXdp", frames: FRAMES });
  expect(outcome).toMatchObject({ arrived: FRAMES, received: FRAMES, made: 0, dropped: 0, uncounted: 0 });
});

test("a stopped count leaves no namespace behind", async () => {
  const controller = new AbortController();
  const counting = countSkbs({ program: "pass", frames: 100 * FRAMES, signal: controller.signal });
  setTimeout(() => controller.abort(new Error("stopped")), 300);
  await expect(counting).rejects.toThrow(/stopped|aborted/);
  expect(execFileSync("ip", ["netns"], { encoding: "utf8" })).not.toContain(`rs-${process.pid}-`);
});
