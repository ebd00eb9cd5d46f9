import { FRAME_STATUS, FrameProducer } from "ringside/ring";
import { expect, test } from "vitest";

function makeRing() {
  const buffer = new SharedArrayBuffer(4 * 128);
  const ring = new FrameProducer(buffer, { slotBytes: 128, slots: 4 });
  const status = new Int32Array(buffer);
  return {
    ring,
    status: (slot: number) => status[slot * 32],
    set: (slot: number, to: number) => (status[slot * 32] = to),
  };
}

test("a frame is the kernel's from its submit on, and free again when the kernel says so", () => {
  const { ring, status, set } = makeRing();
  expect(ring.reserve(3)).toBe(0);
  for (let cursor = 0; cursor < 3; cursor++) ring.write(cursor, 60);
  expect([status(0), ring.pending]).toEqual([FRAME_STATUS.available, 3]);
  ring.submit(3);
  expect([status(0), status(1), status(2), status(3)]).toEqual([1, 1, 1, 0]);
  expect(ring.reserve(2)).toBeNull();
  expect(ring.reserve(1)).toBe(3);
  expect(ring.reserve(1)).toBeNull();
  set(0, FRAME_STATUS.sending);
  expect(ring.reserve(1)).toBeNull();
  set(0, FRAME_STATUS.available);
  expect(ring.reserve(1)).toBe(4);
  expect(ring.offsetOf(4)).toBe(32);
  expect(ring.offsetOf(5)).toBe(160);
});

test("a frame that the kernel refused is an error, and its slot is free", () => {
  const { ring, set } = makeRing();
  ring.write(ring.reserve(1)!, 90);
  ring.submit(1);
  set(0, FRAME_STATUS.wrongFormat);
  expect(ring.reserve(3)).toBe(1);
  expect(() => ring.reserve(1)).toThrow("Cannot send the frame of slot 0: the kernel refused its 90 bytes");
  expect(ring.reserve(1)).toBe(4);
});

test("lengths, counts and sizes that cannot be are refused", () => {
  const { ring } = makeRing();
  const cursor = ring.reserve(1)!;
  expect(() => ring.write(cursor, 13)).toThrow("Cannot send a frame of 13 bytes: a slot takes 14 to 96");
  expect(() => ring.write(cursor, 97)).toThrow("a slot takes 14 to 96");
  expect(() => ring.submit(2)).toThrow("Cannot submit 2 frames: 1 are reserved");
  expect(() => new FrameProducer(new ArrayBuffer(64), { slotBytes: 64, slots: 1 })).toThrow(
    "both must be powers of two",
  );
});
