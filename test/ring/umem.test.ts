import { FramePool, ModelSocket, Umem } from "ringside/ring";
import { describe, expect, test } from "vitest";

describe("a umem", () => {
  const umem = new Umem({ frameSize: 2048, frameCount: 4, headroom: 32 });

  test("names a frame by any address within it", () => {
    expect([umem.frameOf(0), umem.frameOf(2047), umem.frameOf(2048 + 256)]).toEqual([0, 0, 1]);
    expect([umem.addrOf(3), umem.frameStart(3 * 2048 + 288)]).toEqual([6144, 6144]);
    expect(umem.receivableBytes).toBe(2048 - 256 - 32);
  });

  test("names frames above 2 GiB without a sign", () => {
    const high = new Umem({ frameSize: 4096, frameCount: 2 ** 20 }, new ArrayBuffer(2 ** 32));
    expect(high.frameStart(2 ** 32 - 1)).toBe(2 ** 32 - 4096);
    expect(high.frameOf(2 ** 32 - 1)).toBe(2 ** 20 - 1);
  });

  test("shows a packet without copying it and refuses one that leaves its frame", () => {
    umem.bytes[2048 + 256] = 0x45;
    expect(umem.packet(2304, 60)[0]).toBe(0x45);
    expect(umem.packet(2304, 1792).length).toBe(1792);
    expect(() => umem.packet(2304, 1793)).toThrow("its frame has 1792 bytes from there on");
    expect(() => umem.packet(8192, 1)).toThrow(RangeError);
    expect(() => umem.packet(0, Number.NaN)).toThrow(RangeError);
  });

  test.each([
    [{ frameSize: 1500, frameCount: 4 }, "a power of two"],
    [{ frameSize: 2048, frameCount: 0 }, "one frame or more"],
    [{ frameSize: 4096, frameCount: 2 ** 21 }, "below 2^32"],
    [{ frameSize: 2048, frameCount: 1, headroom: 2048 }, "no room"],
  ])("refuses %o", (spec, reason) => {
    expect(() => new Umem(spec)).toThrow(reason);
  });
});

describe("a frame pool", () => {
  test("starts with every frame, hands out the last given first", () => {
    const { umem } = new ModelSocket({ frameCount: 3 });
    const pool = new FramePool(umem);
    expect([pool.take(), pool.take(), pool.take(), pool.take()]).toEqual([0, 2048, 4096, null]);
    pool.give(2048);
    pool.give(0);
    expect(pool.take()).toBe(0);
    expect(pool.list()).toEqual([2048]);
  });

  test("refuses more frames than there are", () => {
    const { umem } = new ModelSocket({ frameCount: 2 });
    expect(() => new FramePool(umem).give(0)).toThrow("one was given twice");
  });

  test("fills the fill ring with as many as both allow", () => {
    const socket = new ModelSocket({ frameCount: 12, ringSize: 8 });
    const pool = new FramePool(socket.umem);
    expect([pool.fill(socket.fillRing, 3), pool.fill(socket.fillRing), pool.fill(socket.fillRing)]).toEqual([
      3, 5, 0,
    ]);
    expect(pool.size).toBe(4);
  });
});
