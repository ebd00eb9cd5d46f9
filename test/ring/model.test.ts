import fc from "fast-check";
import { FramePool, ModelSocket, type RingSocket, takeLedger } from "ringside/ring";
import { describe, expect, test } from "vitest";

function startedSocket(spec = {}) {
  const socket = new ModelSocket({ frameCount: 16, ringSize: 8, ...spec });
  const pool = new FramePool(socket.umem);
  return { socket, pool, kernel: socket.kernel };
}

function packet(id: number): Uint8Array {
  return new Uint8Array(60).fill(id);
}

describe("the model kernel", () => {
  test("delivers a packet behind the headroom of a frame from the fill ring", () => {
    const { socket, pool, kernel } = startedSocket({ headroom: 64 });
    pool.fill(socket.fillRing, 2);
    expect(kernel.receive(packet(7))).toBe("delivered");
    expect(socket.rxRing.peek()).toBe(1);
    const { addr, lengthBytes } = socket.rxRing.read(socket.rxRing.cursor);
    expect([addr % 2048, lengthBytes]).toEqual([256 + 64, 60]);
    expect([...socket.umem.packet(addr, lengthBytes)]).toEqual([...packet(7)]);
  });

  test("drops and counts when the fill ring is empty", () => {
    const { kernel } = startedSocket();
    expect(kernel.receive(packet(1))).toBe("fill ring empty");
    expect(kernel.statistics).toMatchObject({ rxFillRingEmptyDescs: 1, rxDropped: 1, rxRingFull: 0 });
  });

  test("drops and counts when the rx ring is full, and keeps the frame for the next packet", () => {
    const { socket, pool, kernel } = startedSocket({ ringSize: 4 });
    for (let id = 0; id < 4; id++) {
      pool.fill(socket.fillRing, 1);
      kernel.receive(packet(id));
    }
    pool.fill(socket.fillRing, 1);
    expect(kernel.receive(packet(4))).toBe("rx ring full");
    expect(kernel.receive(packet(5))).toBe("rx ring full");
    expect(kernel.statistics).toMatchObject({ rxRingFull: 2, rxDropped: 0 });
    expect(kernel.holds.length).toBe(1);
    socket.rxRing.peek();
    socket.rxRing.release(1);
    expect(kernel.receive(packet(6))).toBe("delivered");
    expect(kernel.holds.length).toBe(0);
  });

  test("drops a packet that is longer than a frame's room", () => {
    const { socket, pool, kernel } = startedSocket();
    pool.fill(socket.fillRing);
    expect(kernel.receive(new Uint8Array(1793))).toBe("packet too long");
    expect(kernel.receive(new Uint8Array(1792))).toBe("delivered");
    expect(kernel.statistics.rxDropped).toBe(1);
  });

  test("rounds a fill address down to its frame, and skips one outside the umem in silence", () => {
    const { socket, kernel } = startedSocket();
    socket.fillRing.reserve(2);
    socket.fillRing.write(0, 16 * 2048);
    socket.fillRing.write(1, 3 * 2048 + 300);
    socket.fillRing.submit(2);
    expect(kernel.take(2)).toBe(1);
    expect(kernel.holds).toEqual([3 * 2048]);
    expect(kernel.statistics.rxInvalidDescs).toBe(0);
  });

  test("sends what the tx ring says and gives the addresses back on completion", () => {
    const { socket, pool, kernel } = startedSocket();
    const addr = pool.take()! + 100;
    socket.umem.bytes.set(packet(9), addr);
    socket.txRing.write(socket.txRing.reserve(1)!, addr, 60);
    socket.txRing.submit(1);
    expect(kernel.transmit()).toEqual([packet(9)]);
    expect(socket.completionRing.peek()).toBe(0);
    expect(kernel.complete()).toBe(1);
    expect(socket.completionRing.peek()).toBe(1);
    expect(socket.completionRing.read(socket.completionRing.cursor)).toBe(addr);
  });

  test("sends no more than the completion ring can report", () => {
    const { socket, pool, kernel } = startedSocket({ ringSize: 4 });
    for (let round = 0; round < 2; round++) {
      const first = socket.txRing.reserve(4)!;
      for (let index = 0; index < 4; index++) socket.txRing.write(first + index, pool.take()!, 60);
      socket.txRing.submit(4);
      expect(kernel.transmit().length).toBe(round === 0 ? 4 : 0);
      kernel.complete();
    }
  });

  test("counts a tx descriptor that leaves its frame, and an empty tx ring", () => {
    const { socket, kernel } = startedSocket();
    socket.txRing.write(socket.txRing.reserve(1)!, 2000, 60);
    socket.txRing.submit(1);
    expect(kernel.transmit()).toEqual([]);
    expect(kernel.transmit()).toEqual([]);
    expect(kernel.statistics.txInvalidDescs).toBe(1);
    expect(kernel.statistics.txRingEmptyDescs).toBeGreaterThan(0);
    expect(kernel.complete()).toBe(1);
  });

  test("must be kicked to send, as in copy mode, and never to receive", () => {
    const { socket } = startedSocket();
    expect([socket.txRing.needsWakeup(), socket.fillRing.needsWakeup()]).toEqual([true, false]);
  });
});

describe("the ownership ledger", () => {
  test("finds every frame with one owner on its way round", () => {
    const { socket, pool, kernel } = startedSocket();
    pool.fill(socket.fillRing, 5);
    kernel.receive(packet(1));
    kernel.receive(packet(2));
    kernel.take(1);
    for (let count = 0; count < 3; count++) {
      socket.txRing.write(socket.txRing.reserve(1)!, pool.take()!, 60);
      socket.txRing.submit(1);
    }
    kernel.transmit(2);
    kernel.complete(1);
    for (const kernelHolds of [undefined, kernel.holds]) {
      const ledger = takeLedger(socket, pool.list(), kernelHolds);
      expect(ledger.equation).toBe(
        "fill 2 + kernel 2 + rx 2 + application 8 + tx 1 + completion 1 = 16 of 16 frames",
      );
      expect(ledger.conserved).toBe(true);
      expect(ledger.frames.filter((state) => state === "kernel").length).toBe(2);
    }
  });

  test("names a leaked frame once the kernel holds none", () => {
    const { socket, pool, kernel } = startedSocket();
    pool.take();
    const frame = socket.umem.frameOf(pool.take()!);
    pool.give(0);
    expect(takeLedger(socket, pool.list())).toMatchObject({ leaked: 1, conserved: false });
    expect(takeLedger(socket, pool.list()).frames[frame]).toBe("leaked");
    pool.fill(socket.fillRing, 1);
    kernel.take(1);
    expect(takeLedger(socket, pool.list()).frames.filter((state) => state === "unseen").length).toBe(2);
    expect(takeLedger(socket, pool.list(), kernel.holds).frames[frame]).toBe("leaked");
  });

  test("names a frame with two owners", () => {
    const { socket, pool } = startedSocket();
    pool.fill(socket.fillRing, 1);
    pool.give(0);
    const ledger = takeLedger(socket, pool.list());
    expect(ledger.duplicated).toEqual([{ frame: 0, owners: ["fill", "application"] }]);
    expect(ledger.conserved).toBe(false);
    expect(ledger.equation).toContain("= 17 of 16 frames");
  });

  test("names an address outside the umem while it is in a ring, and counts one too many after", () => {
    const { socket, pool, kernel } = startedSocket();
    socket.fillRing.write(socket.fillRing.reserve(1)!, 2 ** 30);
    socket.fillRing.submit(1);
    expect(takeLedger(socket, pool.list())).toMatchObject({ outside: [2 ** 30], conserved: false });
    kernel.take(1);
    expect(takeLedger(socket, pool.list())).toMatchObject({ outside: [], conserved: false });
    expect(takeLedger(socket, pool.list()).equation).toContain("kernel 1");
    expect(takeLedger(socket, pool.list(), kernel.holds).conserved).toBe(true);
  });

  test("stays conserved whatever a careful application and the kernel do, across the cursors' wrap", () => {
    const step = fc.constantFrom("fill", "arrive", "receive", "send", "kick", "complete", "reap");
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const { socket, pool, kernel } = startedSocket({ ringSize: 4, startCursor: 2 ** 32 - 6 });
        for (const name of steps) {
          actions[name](socket, pool);
          if (name === "arrive") kernel.receive(packet(3));
          if (name === "kick") kernel.transmit(2);
          if (name === "complete") kernel.complete(1);
          expect(takeLedger(socket, pool.list()).equation).toContain("= 16 of 16 frames");
          expect(takeLedger(socket, pool.list(), kernel.holds).conserved).toBe(true);
        }
      }),
    );
  });
});

const nothing = () => {};
const actions: Record<string, (socket: RingSocket, pool: FramePool) => void> = {
  arrive: nothing,
  kick: nothing,
  complete: nothing,
  fill: ({ fillRing }, pool) => pool.fill(fillRing, 2),
  receive: ({ rxRing, umem }, pool) => {
    const ready = rxRing.peek(2);
    for (let i = 0; i < ready; i++) pool.give(umem.frameStart(rxRing.addr(rxRing.cursor + i)));
    rxRing.release(ready);
  },
  send: ({ txRing }, pool) => {
    if (pool.size === 0 || txRing.free(1) === 0) return;
    txRing.write(txRing.reserve(1)!, pool.take()!, 60);
    txRing.submit(1);
  },
  reap: ({ completionRing }, pool) => {
    const ready = completionRing.peek(2);
    for (let i = 0; i < ready; i++) pool.give(completionRing.read(completionRing.cursor + i));
    completionRing.release(ready);
  },
};
