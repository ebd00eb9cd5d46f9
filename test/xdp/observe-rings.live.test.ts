// The rings of a socket, seen by who does not own it, hold what its owner's cursors say.

import { FramePool } from "ringside/ring";
import { observeRings } from "ringside/xdp";
import { afterEach, beforeEach, expect, test } from "vitest";
import { TwoQueues, until } from "./two-queues.js";

let lab: TwoQueues;
beforeEach(() => {
  lab = new TwoQueues();
});
afterEach(() => lab.close());

const packet = new Uint8Array(60).fill(0xff, 0, 6);

test("shows every ring with its entries, its slots, and what moves from fill to rx when packets come", async () => {
  const { xsks } = lab.redirect();
  const socket = lab.open({ ringSize: 1024 });
  new FramePool(socket.umem).fill(socket.fillRing, 100);
  socket.attach(xsks);
  const seen = (): string[] =>
    observeRings(process.pid).flatMap((rings) => rings.map((ring) => `${ring.name} ${ring.entries}`));
  expect(seen()).toEqual(["fill 100", "rx 0", "tx 0", "completion 0"]);
  await lab.inject(packet, 64);
  until("64 packets", () => socket.rxRing.peek() === 64);
  expect(seen()).toEqual(["fill 36", "rx 64", "tx 0", "completion 0"]);
  socket.rxRing.release(40);
  expect(seen()).toEqual(["fill 36", "rx 24", "tx 0", "completion 0"]);
  expect(observeRings(process.pid)[0]!.map(({ slots, isExact }) => [slots, isExact])).toEqual(
    Array.from({ length: 4 }, () => [1024, true]),
  );
});

test("says of rings that fit in a page only how many slots they have at most", () => {
  lab.open({ ringSize: 64 });
  const sizes = observeRings(process.pid)[0]!.map(({ slots, isExact }) => [slots, isExact]);
  expect(sizes).toEqual([
    [256, false],
    [128, false],
    [128, false],
    [256, false],
  ]);
});

test("finds nothing where no socket is open, and keeps none that it borrowed", () => {
  const socket = lab.open();
  observeRings(process.pid);
  socket.close();
  expect(observeRings(process.pid)).toEqual([]);
});
