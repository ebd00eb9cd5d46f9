import fc from "fast-check";
import {
  AddrConsumer,
  AddrProducer,
  allocateRing,
  DescriptorConsumer,
  DescriptorProducer,
  MODEL_OFFSETS,
  queuedAddrs,
  ringBytes,
  snapshotProducer,
  snapshotRing,
  viewRing,
} from "ringside/ring";
import { describe, expect, test } from "vitest";

function addrRing(size: number, startCursor = 0) {
  const memory = allocateRing(size, "addr", startCursor);
  return { memory, producer: new AddrProducer(memory), consumer: new AddrConsumer(memory) };
}

describe("a ring", () => {
  test("hands over what was written, in order", () => {
    const { producer, consumer } = addrRing(4);
    expect(producer.reserve(2)).toBe(0);
    producer.write(0, 4096);
    producer.write(1, 2 ** 40 + 8);
    expect(consumer.peek()).toBe(0);
    producer.submit(2);
    expect(consumer.peek()).toBe(2);
    expect([consumer.read(0), consumer.read(1)]).toEqual([4096, 2 ** 40 + 8]);
    consumer.release(2);
    expect(consumer.peek()).toBe(0);
  });

  test("returns null when one slot too few is free", () => {
    const { producer, consumer } = addrRing(4);
    expect(producer.reserve(3)).toBe(0);
    expect(producer.reserve(2)).toBeNull();
    expect(producer.reserve(1)).toBe(3);
    expect(producer.reserve(1)).toBeNull();
    producer.submit(4);
    consumer.peek(1);
    consumer.release(1);
    expect(producer.reserve(2)).toBeNull();
    expect(producer.reserve(1)).toBe(4);
    expect(producer.slotOf(4)).toBe(0);
  });

  test("peek moves nothing and honours its limit", () => {
    const { producer, consumer } = addrRing(8);
    producer.reserve(5);
    producer.submit(5);
    expect([consumer.peek(2), consumer.peek(2), consumer.peek(), consumer.cursor]).toEqual([2, 2, 5, 0]);
  });

  test("shows a descriptor's three fields", () => {
    const memory = allocateRing(2, "descriptor");
    const tx = new DescriptorProducer(memory);
    const kernel = new DescriptorConsumer(memory);
    const cursor = tx.reserve(1);
    tx.write(cursor!, 2048 + 256, 60, 1);
    tx.submit(1);
    expect(kernel.peek()).toBe(1);
    expect(kernel.read(kernel.cursor)).toEqual({ addr: 2304, lengthBytes: 60, options: 1 });
    expect([kernel.addr(0), kernel.length(0), kernel.options(0)]).toEqual([2304, 60, 1]);
  });

  test("keeps its order while the cursor wraps at 2^32", () => {
    const start = 2 ** 32 - 3;
    const { producer, consumer } = addrRing(4, start);
    const seen: number[] = [];
    for (let packet = 0; packet < 10; packet++) {
      const cursor = producer.reserve(1)!;
      expect(cursor).toBe((start + packet) % 2 ** 32);
      producer.write(cursor, packet * 64);
      producer.submit(1);
      expect(consumer.peek()).toBe(1);
      seen.push(consumer.read(consumer.cursor) / 64);
      consumer.release(1);
    }
    expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test("never loses, repeats or reorders an entry, whatever the batches", () => {
    const batches = fc.array(fc.record({ produce: fc.nat(8), consume: fc.nat(8) }), { maxLength: 60 });
    fc.assert(
      fc.property(batches, fc.constantFrom(0, 2 ** 31 - 5, 2 ** 32 - 5), (steps, start) => {
        const { producer, consumer } = addrRing(8, start);
        const sent: number[] = [];
        const got: number[] = [];
        for (const { produce, consume } of steps) {
          const first = producer.reserve(produce);
          expect(first === null).toBe(sent.length - got.length + produce > 8);
          if (first !== null) {
            for (let i = 0; i < produce; i++) producer.write(first + i, sent.push(sent.length) - 1);
            producer.submit(produce);
          }
          const ready = consumer.peek(consume);
          expect(ready).toBe(Math.min(consume, sent.length - got.length));
          for (let i = 0; i < ready; i++) got.push(consumer.read(consumer.cursor + i));
          consumer.release(ready);
        }
        expect(got).toEqual(sent.slice(0, got.length));
      }),
    );
  });

  test("refuses to submit what was not reserved and to release what was not seen", () => {
    const { producer, consumer } = addrRing(4);
    producer.reserve(2);
    expect(() => producer.submit(3)).toThrow(
      "Cannot submit 3 slots of a ring of 4: reserved and not yet submitted are 2 -> submit an integer from 0 to 2",
    );
    expect(() => consumer.release(1)).toThrow(RangeError);
    for (const nonsense of [-1, 0.5, Number.NaN, 5, undefined as unknown as number]) {
      expect(() => producer.reserve(nonsense)).toThrow(RangeError);
    }
  });

  test("refuses a size that is no power of two and a buffer that is too short", () => {
    expect(() => allocateRing(48, "addr")).toThrow("-> try 64");
    expect(() => allocateRing(0, "addr")).toThrow(RangeError);
    expect(() => viewRing(new ArrayBuffer(64), 4, "addr")).toThrow("it takes 352 bytes");
  });

  test("works over any buffer with the offsets that the kernel reports", () => {
    const offsets = { producer: 64, consumer: 0, flags: 8, descriptors: 128 };
    const memory = viewRing(new ArrayBuffer(ringBytes(4, "addr", offsets)), 4, "addr", offsets);
    const producer = new AddrProducer(memory);
    producer.write(producer.reserve(1)!, 7);
    producer.submit(1);
    const words = new Uint32Array(memory.words.buffer);
    expect([words[16], words[0], words[32]]).toEqual([1, 0, 7]);
    expect(MODEL_OFFSETS.descriptors).toBe(320);
  });

  test("takes up a ring where a former user left it", () => {
    const { memory, producer } = addrRing(4);
    producer.reserve(3);
    producer.submit(3);
    expect(new AddrProducer(memory).reserve(1)).toBe(3);
    expect(new AddrConsumer(memory).peek()).toBe(3);
  });

  test("says when the kernel wants to be woken", () => {
    const { memory, producer } = addrRing(4);
    expect(producer.needsWakeup()).toBe(false);
    memory.flags[0] = 1;
    expect(producer.needsWakeup()).toBe(true);
  });

  test("throws its reason after it was detached, in the middle of a batch too", () => {
    const { producer, consumer } = addrRing(4);
    producer.reserve(2);
    producer.submit(1);
    consumer.peek();
    producer.detach("closed");
    consumer.detach("closed");
    expect(() => producer.reserve(1)).toThrow("closed");
    expect(() => producer.submit(1)).toThrow("closed");
    expect(() => consumer.peek()).toThrow("closed");
    expect(() => consumer.release(1)).toThrow("closed");
  });
});

describe("a snapshot", () => {
  test("shows free, reserved and filled slots around the wrap", () => {
    const { producer, consumer, memory } = addrRing(4, 3);
    producer.write(producer.reserve(2)!, 64);
    producer.submit(1);
    expect(snapshotProducer(producer)).toMatchObject({ size: 4, producerCursor: 4, consumerCursor: 3 });
    expect(snapshotProducer(producer).slots.map((slot) => slot.state)).toEqual([
      "reserved",
      "free",
      "free",
      "filled",
    ]);
    expect(queuedAddrs(memory)).toEqual([64]);
    consumer.peek();
    consumer.release(1);
    expect(snapshotRing(memory).slots.every((slot) => slot.state === "free")).toBe(true);
  });
});
