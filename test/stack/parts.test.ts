import { createHash } from "node:crypto";
import fc from "fast-check";
import {
  ByteRing,
  initialSequence,
  md5Words,
  RtoEstimator,
  SeenClock,
  SequenceRanges,
  seqAdd,
  seqBefore,
  seqDistance,
  Timer,
  Timers,
  VirtualClock,
} from "ringside/stack";
import { describe, expect, test } from "vitest";

const u32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const step = fc.integer({ min: 1, max: 2 ** 31 - 1 });

describe("sequence numbers", () => {
  test("come after one another wherever on the circle", () => {
    fc.assert(
      fc.property(u32, step, (from, bytes) => {
        const to = seqAdd(from, bytes);
        expect([seqBefore(from, to), seqBefore(to, from), seqDistance(from, to)]).toEqual([
          true,
          false,
          bytes,
        ]);
      }),
    );
  });
  test("wrap from the last to 0", () => {
    expect(seqAdd(-1, 1)).toBe(0);
    expect(seqBefore(0xffffffff | 0, 0)).toBe(true);
  });
});

describe("ranges of sequence numbers", () => {
  test("hold exactly what was added, sorted and joined, wherever on the circle", () => {
    const pieces = fc.array(fc.tuple(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 1, max: 40 })), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(u32, pieces, fc.integer({ min: 0, max: 250 }), (base, added, cut) => {
        const ranges = new SequenceRanges();
        const model = new Set<number>();
        for (const [start, length] of added) {
          let isNew = false;
          for (let at = start; at < start + length; at++) {
            isNew ||= !model.has(at);
            model.add(at);
          }
          expect(ranges.add(seqAdd(base, start), seqAdd(base, start + length))).toBe(isNew);
        }
        ranges.removeBefore(seqAdd(base, cut));
        const held = new Set<number>();
        for (let index = 0; index < ranges.size; index++) {
          if (index > 0) expect(seqBefore(ranges.endOf(index - 1), ranges.startOf(index))).toBe(true);
          const [start, end] = [
            seqDistance(base, ranges.startOf(index)),
            seqDistance(base, ranges.endOf(index)),
          ];
          for (let at = start; at < end; at++) held.add(at);
        }
        expect(held).toEqual(new Set([...model].filter((at) => at >= cut)));
      }),
    );
  });
});

describe("a ring of bytes", () => {
  test("gives back what was written, ahead of its turn or not, however often it goes round", () => {
    const turns = fc.array(fc.tuple(fc.integer({ min: 0, max: 70 }), fc.boolean()), { maxLength: 60 });
    fc.assert(
      fc.property(turns, (list) => {
        const ring = new ByteRing(64);
        let [next, oldest] = [0, 0];
        for (const [wanted, ahead] of list) {
          const length = Math.min(wanted, ring.free);
          const bytes = Uint8Array.from({ length }, (_, index) => next + index);
          const half = length >> 1;
          if (ahead) {
            ring.put(half, bytes, half, length - half);
            ring.put(0, bytes, 0, half);
            ring.advance(length);
          } else expect(ring.write(bytes, 0, length)).toBe(length);
          next += length;
          const take = wanted % (ring.length + 1);
          const out = new Uint8Array(take);
          ring.copyOut(0, take, out, 0);
          ring.release(take);
          expect(out).toEqual(Uint8Array.from({ length: take }, (_, index) => oldest + index));
          oldest += take;
        }
      }),
    );
  });

  test("keep what waits, in its turn and ahead of it, while their memory grows", () => {
    const ring = new ByteRing(65_536);
    const bytes = Uint8Array.from({ length: 65_536 }, (_, index) => (index * 7) >>> 3);
    ring.write(bytes, 0, 4000); // so that what follows goes round the end of the first memory
    ring.release(3900);
    ring.put(96, bytes, 4096, 3000);
    ring.put(60_000, bytes, 64_000, 1000);
    ring.put(0, bytes, 4000, 96);
    ring.advance(3096);
    const out = new Uint8Array(3196);
    ring.copyOut(0, 3196, out, 0);
    expect(out).toEqual(bytes.slice(3900, 7096));
    ring.put(0, bytes, 7096, 56_904);
    ring.advance(57_904);
    const rest = new Uint8Array(ring.length);
    ring.copyOut(0, ring.length, rest, 0);
    expect(rest).toEqual(bytes.slice(3900, 65_000));
  });
});

describe("timers", () => {
  test("fire in order of their moments, however they were put off, forward or stopped", () => {
    const orders = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: -1, max: 100 })), {
      maxLength: 100,
    });
    fc.assert(
      fc.property(orders, (list) => {
        const clock = new VirtualClock();
        const seen = new SeenClock(clock);
        const timers = new Timers(seen);
        const fired: [number, number][] = [];
        const all = Array.from(
          { length: 10 },
          (_, id) => new Timer(timers, () => fired.push([id, clock.nowMs()])),
        );
        const due = new Map<number, number>();
        for (const [id, delay] of list) {
          if (delay < 0) {
            all[id]!.stop();
            due.delete(id);
          } else {
            all[id]!.start(delay);
            due.set(id, delay);
          }
        }
        while (timers.nextMs() < Infinity) {
          clock.advanceTo(timers.nextMs());
          seen.look();
          timers.runDue();
        }
        expect(fired.length).toBe(due.size);
        for (const [id, atMs] of fired) expect(atMs).toBe(due.get(id));
        expect(timers.size).toBe(0);
      }),
    );
  });
});

describe("initial sequence numbers", () => {
  test("come from the digest that RFC 1321 describes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 55 }), (message) => {
        const digest = createHash("md5").update(message).digest();
        expect([...md5Words(message)]).toEqual([0, 4, 8, 12].map((at) => digest.readInt32LE(at)));
      }),
    );
  });
  test("tick every 4 µs, and differ by any part of the connection", () => {
    const secret = new Uint8Array(16).fill(7);
    const isn = (nowMs: number, port: number, key = secret): number =>
      initialSequence(nowMs, 1, port, 2, 80, key);
    expect(seqDistance(isn(1000, 5000), isn(1001, 5000))).toBe(250);
    expect(isn(1000, 5000)).not.toBe(isn(1000, 5001));
    expect(isn(1000, 5000)).not.toBe(isn(1000, 5000, new Uint8Array(16)));
  });
});

describe("the retransmission timeout", () => {
  const limits = { minRtoMs: 200, maxRtoMs: 60_000, initialRtoMs: 1000 };
  test("follows RFC 6298's arithmetic", () => {
    const rto = new RtoEstimator(limits);
    expect(rto.rtoMs).toBe(1000);
    rto.sample(100);
    expect([rto.srttMs, rto.rttvarMs, rto.rtoMs]).toEqual([100, 50, 300]);
    rto.sample(200);
    expect([rto.srttMs, rto.rttvarMs, rto.rtoMs]).toEqual([112.5, 62.5, 362.5]);
  });
  test("doubles with each timeout up to its limit, and comes back with the next sample", () => {
    const rto = new RtoEstimator(limits);
    rto.sample(100);
    for (let count = 0; count < 20; count++) rto.backOff();
    expect(rto.rtoMs).toBe(60_000);
    rto.sample(100);
    expect(rto.rtoMs).toBeLessThan(300);
  });
});
