import { ModelSocket, NetmapPort, NetmapRing, NS_BUF_CHANGED } from "ringside/ring";
import { describe, expect, test } from "vitest";

const SLOTS = 8;

function openModel(): { model: ModelSocket; port: NetmapPort; sent: number[][] } {
  const model = new ModelSocket({ ringSize: SLOTS, frameCount: 2 * SLOTS });
  const sent: number[][] = [];
  const wake = (): void => {
    sent.push(...model.kernel.transmit().map((packet) => [...packet]));
    model.kernel.complete();
  };
  return { model, port: new NetmapPort(model, wake), sent };
}

/** Reads and gives back everything that waits. */
function drain({ port }: { port: NetmapPort }): number[] {
  const { rx } = port;
  port.rxSync();
  const values: number[] = [];
  for (; rx.head !== rx.tail; rx.head = rx.cur = rx.next(rx.head)) values.push(port.packet(rx, rx.head)[0]!);
  return values;
}

describe("a netmap ring", () => {
  test("wraps by position: after the last slot comes slot 0", () => {
    const ring = new NetmapRing(4);
    expect([ring.next(2), ring.next(3)]).toEqual([3, 0]);
    expect([ring.distance(3, 1), ring.distance(1, 3), ring.distance(2, 2)]).toEqual([2, 2, 0]);
  });

  test("of one slot is refused, since one is always the kernel's", () => {
    expect(() => new NetmapRing(1)).toThrow(RangeError);
  });
});

describe("a port", () => {
  test("receives in order, round after round", () => {
    const opened = openModel();
    for (let round = 0; round < 20; round++) {
      for (let i = 0; i < 3; i++) opened.model.kernel.receive(Uint8Array.of(round * 3 + i));
      expect(drain(opened)).toEqual([0, 1, 2].map((i) => round * 3 + i));
    }
    expect(opened.model.kernel.statistics).toMatchObject({ rxDropped: 0, rxRingFull: 0 });
  });

  test("shows nothing new before a sync, and takes nothing back before one", () => {
    const { model, port } = openModel();
    model.kernel.receive(Uint8Array.of(1));
    expect(port.rx.space()).toBe(0);
    port.rxSync();
    expect(port.rx.space()).toBe(1);
  });

  test("drops when the program does not move its head, and goes on when it does", () => {
    const opened = openModel();
    const { kernel } = opened.model;
    const outcomes = Array.from({ length: SLOTS + 2 }, (_, i) => kernel.receive(Uint8Array.of(i)));
    expect(outcomes.filter((outcome) => outcome === "delivered")).toHaveLength(SLOTS);
    opened.port.rxSync();
    expect(opened.port.rx.space()).toBe(SLOTS - 1);
    expect([...drain(opened), ...drain(opened)]).toEqual(Array.from({ length: SLOTS }, (_, i) => i));
    opened.port.rxSync();
    expect(kernel.receive(Uint8Array.of(9))).toBe("delivered");
    expect(drain(opened)).toEqual([9]);
  });

  test("sends what lies before its head, and has the room back after it was sent", () => {
    const { port, sent } = openModel();
    const { tx } = port;
    expect(tx.space()).toBe(SLOTS - 1);
    for (let value = 0; value < 30; value++) {
      port.bytes[port.placeOf(tx, tx.head)] = value;
      tx.len[tx.head] = 1;
      tx.head = tx.cur = tx.next(tx.head);
      port.txSync();
    }
    expect(sent.map(([value]) => value)).toEqual(Array.from({ length: 30 }, (_, value) => value));
    expect(tx.space()).toBe(SLOTS - 1);
  });

  test.each([
    ["forwards a packet without a copy when its buffer is exchanged and flagged", NS_BUF_CHANGED, [7]],
    ["sends the old buffer when the exchange was not flagged", 0, [0]],
  ])("%s", (_name, flag, expected) => {
    const { model, port, sent } = openModel();
    model.kernel.receive(Uint8Array.of(7));
    port.rxSync();
    const { rx, tx } = port;
    const [from, to] = [rx.head, tx.head];
    const buffer = tx.bufIdx[to]!;
    tx.bufIdx[to] = rx.bufIdx[from]!;
    rx.bufIdx[from] = buffer;
    tx.len[to] = rx.len[from]!;
    tx.offset[to] = rx.offset[from]!;
    rx.flags[from] = tx.flags[to] = flag;
    rx.head = rx.cur = rx.next(from);
    tx.head = tx.cur = tx.next(to);
    port.txSync();
    expect(sent).toEqual([expected]);
  });
});
