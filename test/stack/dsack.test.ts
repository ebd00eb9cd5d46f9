// What came twice is said once, in the first block of an acknowledgment: RFC 2883.
import { TCP_FLAG } from "ringside/packet";
import { describe, expect, test } from "vitest";
import { forge, type Pair, pair, sendSegments, textBytesOf, wait } from "./pair.js";

/** An acknowledgment of b's, in bytes of a's stream. */
interface Acknowledgment {
  ack: number;
  blocks: [number, number][];
}

const read32 = (bytes: Uint8Array, at: number): number =>
  new DataView(bytes.buffer, bytes.byteOffset).getUint32(at);

/** Hears what b says from now on; a, in whose name we speak, does not. */
function hear({ network, server }: Pair): Acknowledgment[] {
  const heard: Acknowledgment[] = [];
  const { irs } = server.info();
  const place = (sequence: number): number => (sequence - irs - 1) | 0;
  network.wire.onSend = (frame, from) => {
    if (from !== "b") return undefined;
    const end = 34 + (frame[46]! >> 4) * 4;
    const blocks: [number, number][] = [];
    for (let at = 54; at < end; at += frame[at] === 1 ? 1 : frame[at + 1]!) {
      for (let block = at + 2; frame[at] === 5 && block < at + frame[at + 1]!; block += 8)
        blocks.push([place(read32(frame, block)), place(read32(frame, block + 4))]);
    }
    heard.push({ ack: place(read32(frame, 42)), blocks });
    return true;
  };
  return heard;
}

const text = (length: number): string => "x".repeat(length);

describe("a receiver names", () => {
  test("a segment that came twice, in one acknowledgment and no other", () => {
    const both = pair();
    forge(both, TCP_FLAG.ack, 0, text(1000));
    forge(both, TCP_FLAG.ack, 1000, text(1000));
    const heard = hear(both);
    forge(both, TCP_FLAG.ack, 1000, text(1000));
    forge(both, TCP_FLAG.ack, 2000, text(1000));
    wait(both.network, 100);
    expect(heard).toEqual([
      { ack: 2000, blocks: [[1000, 2000]] },
      { ack: 3000, blocks: [] },
    ]);
  });

  test("a segment that is held, and then what it lies in", () => {
    const both = pair();
    for (const offset of [1000, 2000, 3000, 6000]) forge(both, TCP_FLAG.ack, offset, text(1000));
    const heard = hear(both);
    forge(both, TCP_FLAG.ack, 2000, text(1000));
    const blocks = [
      [2000, 3000],
      [1000, 4000],
      [6000, 7000],
    ];
    expect(heard).toEqual([{ ack: 0, blocks }]);
    forge(both, TCP_FLAG.ack, 8000, text(1000));
    expect(heard[1]!.blocks[0]).toEqual([8000, 9000]);
  });

  test("the part of a segment that came twice", () => {
    const both = pair();
    forge(both, TCP_FLAG.ack, 0, text(1000));
    const heard = hear(both);
    forge(both, TCP_FLAG.ack, 400, text(1000));
    expect(heard).toEqual([{ ack: 1400, blocks: [[400, 1000]] }]);
  });

  // As Linux's test tcp_dsack_mult.pkt has it.
  test("the first of several parts, where a segment fills gaps", () => {
    const both = pair();
    for (const [offset, length] of [
      [1000, 2000],
      [4000, 1000],
      [7000, 1000],
    ] as const)
      forge(both, TCP_FLAG.ack, offset, text(length));
    const heard = hear(both);
    forge(both, TCP_FLAG.ack, 0, text(6000));
    forge(both, TCP_FLAG.ack, 6000, text(2000));
    expect(heard).toEqual([
      {
        ack: 6000,
        blocks: [
          [1000, 3000],
          [7000, 8000],
        ],
      },
      { ack: 8000, blocks: [[7000, 8000]] },
    ]);
  });

  test("nothing where SACK was not agreed upon", () => {
    const both = pair({ sack: false });
    forge(both, TCP_FLAG.ack, 0, text(1000));
    const heard = hear(both);
    forge(both, TCP_FLAG.ack, 0, text(1000));
    expect(heard).toEqual([{ ack: 1000, blocks: [] }]);
  });

  test("at most what the header has room for, and a text beside it is that much shorter", () => {
    const both = pair();
    for (let hole = 0; hole < 6; hole++) forge(both, TCP_FLAG.ack, 1000 + 2000 * hole, text(1000));
    both.server.write(new Uint8Array(100_000));
    wait(both.network, 10);
    const heard = hear(both);
    forge(both, TCP_FLAG.ack, 3000, text(1000));
    expect(heard[0]!.blocks.length).toBe(4);
    expect(heard[0]!.blocks.slice(0, 2)).toEqual([
      [3000, 4000],
      [3000, 4000],
    ]);
  });
});

test("a sender counts what the peer says, and a copy that the network made costs it nothing", () => {
  const both = pair();
  const { network, client } = both;
  sendSegments(both, 40);
  const before = client.info().cwndBytes;
  let copies = 0;
  network.wire.onSend = (frame, from) => {
    if (from === "a" && textBytesOf(frame) > 0 && copies++ < 3) network.wire.launch("a", frame.slice());
    return undefined;
  };
  sendSegments(both, 40);
  expect(network.a.counters).toMatchObject({ retransmitted: 0, fastRecoveries: 0, undone: 0 });
  expect(network.a.counters.duplicatesTold).toBe(3);
  expect(client.info().cwndBytes).toBeGreaterThanOrEqual(before);
});
