import fc from "fast-check";
import { BlockConsumer, readBlock, writeBlock } from "ringside/ring";
import { describe, expect, test } from "vitest";

const packet = (lengthBytes: number, fill: number) => ({ bytes: new Uint8Array(lengthBytes).fill(fill) });

/** A block of three packets with one 32-bit word changed. */
function lie(at: number, value: number): Uint8Array {
  const block = writeBlock(1024, { packets: [packet(60, 1), packet(101, 2), packet(14, 3)] });
  new DataView(block.buffer).setUint32(at, value, true);
  return block;
}

describe("a block", () => {
  test("gives its packets in order, where they lie and as long as they are", () => {
    const block = writeBlock(1024, {
      packets: [packet(60, 1), { ...packet(101, 2), wireBytes: 1514 }, packet(14, 3)],
    });
    const packets = readBlock(block);
    expect(packets.map(({ lengthBytes, wireBytes }) => [lengthBytes, wireBytes])).toEqual([
      [60, 60],
      [101, 1514],
      [14, 14],
    ]);
    packets.forEach(({ at, lengthBytes }, i) => {
      expect(block.subarray(at, at + lengthBytes).every((byte) => byte === i + 1)).toBe(true);
    });
  });

  test("of the kernel's gives nothing, and an empty one gives nothing", () => {
    expect(readBlock(writeBlock(1024, { packets: [packet(60, 1)], status: 0 }))).toEqual([]);
    expect(readBlock(writeBlock(1024, { packets: [] }))).toEqual([]);
  });

  test.each([
    ["another version", lie(0, 1), "its layout is version 1"],
    ["more packets than fit", lie(12, 99), "it says that 99 packets lie in bytes 48 to 472"],
    ["a packet more than there are", lie(12, 4), "packets were not read"],
    ["a first packet inside its own header", lie(16, 8), "3 packets lie in bytes 8 to 472"],
    ["more bytes than it has", lie(20, 2000), "it says that 2000 of its 1024 bytes are in use"],
    ["a step of 0", lie(48, 0), "the next header lies at byte 48"],
    ["a step that is no multiple of 8", lie(48, 145), "its header lies at byte 193"],
    ["a step over its end", lie(48, 0xfffffff0), "and its data end at byte 472"],
    ["a packet longer than the block", lie(60, 5000), "its 5000 bytes lie at byte 130"],
    ["a packet inside its own header", lie(72, 10), "its 60 bytes lie at byte 58"],
  ])("that says %s is one clear error", (_what, block, message) => {
    expect(() => readBlock(block)).toThrow(RangeError);
    expect(() => readBlock(block)).toThrow("Cannot read block 0: ");
    expect(() => readBlock(block)).toThrow(message);
  });

  test("of any nonsense is read inside its bounds or refused", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 48, maxLength: 512 }), fc.boolean(), (noise, plausible) => {
        const bytes = noise.slice(0, noise.length & -8);
        const view = new DataView(bytes.buffer);
        view.setUint32(0, 2, true);
        view.setUint32(8, 1, true);
        if (plausible) {
          view.setUint32(12, 1 + (noise[12]! % 4), true);
          view.setUint32(16, 48, true);
          view.setUint32(20, bytes.length, true);
        }
        try {
          for (const { at, lengthBytes } of readBlock(bytes))
            expect(at + lengthBytes).toBeLessThanOrEqual(bytes.length);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe("a ring of blocks", () => {
  test("is read block by block, and each goes back as a whole", () => {
    const ring = new Uint8Array(3 * 1024);
    const give = (block: number, fill: number) =>
      ring.set(writeBlock(1024, { packets: [packet(60, fill), packet(60, fill + 1)] }), block * 1024);
    const consumer = new BlockConsumer(ring.buffer, { blockBytes: 1024, blocks: 3 });
    const status = (block: number) => new DataView(ring.buffer).getUint32(block * 1024 + 8, true);
    expect(consumer.peek()).toBe(0);
    for (let round = 0; round < 7; round++) {
      give(round % 3, round * 2);
      expect([consumer.current, consumer.peek(), consumer.peek(1)]).toEqual([round % 3, 2, 1]);
      expect(consumer.bytes[consumer.read()]).toBe(round * 2);
      expect(consumer.peek()).toBe(1);
      expect(consumer.bytes[consumer.read()]).toBe(round * 2 + 1);
      expect([consumer.peek(), status(round % 3)]).toEqual([0, 1]);
      expect(() => consumer.read()).toThrow("no packet is left to read");
      consumer.release();
      expect(status(round % 3)).toBe(0);
    }
  });

  test("goes on after a block that lies", () => {
    const ring = new Uint8Array(2 * 1024);
    ring.set(lie(60, 5000), 0);
    ring.set(writeBlock(1024, { packets: [packet(60, 9)] }), 1024);
    const consumer = new BlockConsumer(ring.buffer, { blockBytes: 1024, blocks: 2 });
    expect(consumer.peek()).toBe(3);
    expect(() => consumer.read()).toThrow("3 packets were not read -> release it and go on");
    consumer.release();
    expect(consumer.peek()).toBe(1);
    expect(consumer.bytes[consumer.read()]).toBe(9);
  });

  test("of a size that no block has is refused", () => {
    expect(() => new BlockConsumer(new ArrayBuffer(100), { blockBytes: 100, blocks: 1 })).toThrow(
      "Cannot read 1 blocks of 100 bytes",
    );
  });
});
