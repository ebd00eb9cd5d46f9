import {
  allocateRing,
  BufferProducer,
  CompletionConsumer,
  readMessage,
  requests,
  SubmissionProducer,
  snapshotRing,
  writeMessageHeader,
} from "ringside/ring";
import { describe, expect, test } from "vitest";

describe("a submission ring", () => {
  test("lays a request out as the kernel reads it", () => {
    const memory = allocateRing(2, "submission");
    const ring = new SubmissionProducer(memory);
    const request = requests.onRegisteredFile(requests.read(5, 0x7f12_3456_7890, 100), 3);
    ring.write(ring.reserve(1)!, request, 0xfffffff0);
    const bytes = new DataView(memory.words.buffer, memory.words.byteOffset);
    expect([bytes.getUint8(0), bytes.getUint8(1), bytes.getUint16(2, true)]).toEqual([22, 1, 0]);
    expect(bytes.getInt32(4, true)).toBe(3);
    expect(bytes.getBigUint64(8, true)).toBe(2n ** 64n - 1n); // where the file stands
    expect(bytes.getBigUint64(16, true)).toBe(0x7f12_3456_7890n);
    expect(bytes.getUint32(24, true)).toBe(100);
    expect(bytes.getBigUint64(32, true)).toBe(0xfffffff0n);
  });

  test("leaves nothing of an earlier request in a slot", () => {
    const memory = allocateRing(1, "submission");
    memory.words.fill(0xffffffff);
    const ring = new SubmissionProducer(memory);
    ring.write(ring.reserve(1)!, requests.nop(), 7);
    expect([...memory.words]).toEqual([0, 0xffffffff, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0]);
  });

  test("says a multishot receive's mode, buffer group and flag", () => {
    const memory = allocateRing(1, "submission");
    const ring = new SubmissionProducer(memory);
    ring.write(ring.reserve(1)!, requests.recvMultishot(9, 513), 1);
    const bytes = new DataView(memory.words.buffer, memory.words.byteOffset);
    expect([bytes.getUint8(0), bytes.getUint8(1), bytes.getUint16(2, true)]).toEqual([27, 32, 2]);
    expect(bytes.getUint16(40, true)).toBe(513);
  });

  test("shows each slot's tag in a snapshot", () => {
    const memory = allocateRing(4, "submission");
    const ring = new SubmissionProducer(memory);
    const first = ring.reserve(3)!;
    for (let i = 0; i < 3; i++) ring.write(first + i, requests.nop(), 20 + i);
    ring.submit(3);
    expect(snapshotRing(memory).slots.map(({ addr, state }) => [addr, state])).toEqual([
      [20, "filled"],
      [21, "filled"],
      [22, "filled"],
      [0, "free"],
    ]);
    expect(ring.queued).toBe(3);
    memory.consumer[0] = 2;
    expect(ring.queued).toBe(1);
  });
});

test("a completion tells an errno, a buffer and whether more will come", () => {
  const memory = allocateRing(2, "completion");
  memory.words.set([5, 0, 60, (17 << 16) | 3, 6, 0, -105, 0]);
  memory.producer[0] = 2;
  const ring = new CompletionConsumer(memory);
  expect(ring.peek()).toBe(2);
  expect([ring.tag(0), ring.result(0), ring.bufferId(0), ring.hasMore(0)]).toEqual([5, 60, 17, true]);
  expect([ring.tag(1), ring.result(1), ring.bufferId(1), ring.hasMore(1)]).toEqual([6, -105, -1, false]);
});

describe("a ring of provided buffers", () => {
  const make = (count = 4) => {
    const ring = new ArrayBuffer(count * 16);
    const producer = new BufferProducer(ring, new ArrayBuffer(count * 64), 0x7f00_0000_1000, {
      count,
      bufferBytes: 64,
    });
    return { producer, bytes: new DataView(ring) };
  };

  test("writes addresses and numbers, and keeps its cursor in slot 0", () => {
    const { producer, bytes } = make();
    producer.fill();
    expect([0, 1, 2, 3].map((slot) => bytes.getBigUint64(slot * 16, true) - 0x7f00_0000_1000n)).toEqual([
      0n,
      64n,
      128n,
      192n,
    ]);
    expect([0, 1, 2, 3].map((slot) => bytes.getUint16(slot * 16 + 12, true))).toEqual([0, 1, 2, 3]);
    expect(bytes.getUint16(14, true)).toBe(4);
  });

  test("writes slot 0 again without touching the cursor in it, and the cursor wraps at 2^16", () => {
    const { producer, bytes } = make();
    producer.fill();
    for (let round = 0; round < 2 ** 16; round++) {
      producer.take(1);
      producer.write(producer.reserve(1)!, 3);
      expect(bytes.getUint16(14, true)).toBe((4 + round) & 0xffff);
      producer.submit(1);
    }
    expect(bytes.getUint16(14, true)).toBe(4);
    expect(producer.waiting).toBe(4);
  });

  test("refuses a buffer that is given back twice", () => {
    const { producer } = make();
    producer.fill();
    expect(producer.reserve(1)).toBeNull();
    producer.take(1);
    expect(producer.reserve(1)).toBe(4);
    expect(producer.reserve(1)).toBeNull();
    expect(() => producer.submit(2)).toThrow("Cannot submit 2 buffers: 1 are reserved");
  });

  test("refuses numbers that the kernel would refuse", () => {
    expect(() => make(3)).toThrow("Cannot provide 3 buffers of 64 bytes");
    expect(() => make(65_536)).toThrow("a power of two up to 32768");
  });
});

test("a message's parts lie behind each other, and a short one is an error", () => {
  const room = { nameBytes: 16, controlBytes: 0 };
  const header = new DataView(new ArrayBuffer(56));
  writeMessageHeader(header, room);
  expect([header.getUint32(8, true), header.getBigUint64(40, true)]).toEqual([16, 0n]);
  const bytes = new DataView(new ArrayBuffer(128));
  bytes.setUint32(64, 16, true);
  expect(readMessage(bytes, 64, 50, room)).toEqual({
    nameAt: 80,
    nameBytes: 16,
    payloadAt: 96,
    payloadBytes: 18,
    flags: 0,
  });
  expect(() => readMessage(bytes, 64, 20, room)).toThrow("it has 20 bytes and its header alone takes 32");
});
