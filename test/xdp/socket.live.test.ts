import { readdirSync } from "node:fs";
import { FramePool, type RingSocket, takeLedger } from "ringside/ring";
import { threadId } from "ringside/sys";
import { countDuring } from "ringside/trace";
import { explainSilence, openXdpSocket, readQueueCounts, type XdpSocket } from "ringside/xdp";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { TwoQueues, until } from "./two-queues.js";

let lab: TwoQueues;
beforeEach(() => {
  lab = new TwoQueues();
});
afterEach(() => lab.close());

const packet = new Uint8Array(60).fill(0xff, 0, 6).fill(0x5a, 14);

/** Hands back every frame; counts packets and checks their last byte. */
function receive({ fillRing, rxRing, umem }: RingSocket, tally: { packets: number; wrong: number }): void {
  const ready = rxRing.peek(64);
  const refill = fillRing.reserve(ready);
  if (refill === null) throw new Error("the fill ring is full while frames are with us");
  const first = rxRing.cursor;
  const { bytes } = umem;
  for (let i = 0; i < ready; i++) {
    const addr = rxRing.addr(first + i);
    const length = rxRing.length(first + i);
    if (length !== 60 || bytes[addr + length - 1] !== 0x5a) tally.wrong++;
    fillRing.write(refill + i, umem.frameStart(addr));
  }
  fillRing.submit(ready);
  rxRing.release(ready);
  tally.packets += ready;
}

function startReceiver(frames = 128): {
  socket: XdpSocket;
  pool: FramePool;
  maps: ReturnType<TwoQueues["redirect"]>;
} {
  const maps = lab.redirect();
  const socket = lab.open({ umem: { frameSize: 2048, frameCount: frames } });
  const pool = new FramePool(socket.umem);
  pool.fill(socket.fillRing, 64);
  socket.attach(maps.xsks);
  return { socket, pool, maps };
}

describe("receiving", () => {
  test("gets every injected frame once, with its bytes, and conserves its own frames", async () => {
    const { socket, pool } = startReceiver();
    const tally = { packets: 0, wrong: 0 };
    for (let burst = 0; burst < 64; burst++) {
      await lab.inject(packet, 64);
      until("64 packets", () => {
        receive(socket, tally);
        return tally.packets === (burst + 1) * 64;
      });
    }
    expect(tally).toEqual({ packets: 4096, wrong: 0 });
    expect(socket.statistics()).toMatchObject({ rxDropped: 0, rxRingFull: 0, rxFillRingEmptyDescs: 0 });
    const ledger = takeLedger(socket, pool.list());
    expect(ledger.equation).toBe(
      "fill 64 + kernel 0 + rx 0 + application 64 + tx 0 + completion 0 = 128 of 128 frames",
    );
    expect(ledger.conserved).toBe(true);
  });

  test("makes no system call for a packet", async () => {
    const { socket } = startReceiver();
    await lab.inject(packet, 64);
    until("64 packets", () => socket.rxRing.peek() === 64);
    const tally = { packets: 0, wrong: 0 };
    receive(socket, tally);
    await lab.inject(packet, 64);
    const { counts } = await countDuring({ syscalls: { tids: [threadId()] } }, () => receive(socket, tally));
    expect(tally).toEqual({ packets: 128, wrong: 0 });
    const { recvfrom, recvmsg, poll, read, sendto } = counts.syscalls.byName;
    expect({ recvfrom, recvmsg, poll, read, sendto }).toEqual({});
  });

  test("skips an address outside the umem in silence, and rounds one down to its frame", async () => {
    const maps = lab.redirect();
    const socket = lab.open({ umem: { frameSize: 2048, frameCount: 2 } });
    socket.attach(maps.xsks);
    const first = socket.fillRing.reserve(3)!;
    [2 * 2048, 100, 2048].forEach((addr, index) => {
      socket.fillRing.write(first + index, addr);
    });
    socket.fillRing.submit(3);
    await lab.inject(packet, 1);
    until("a packet", () => socket.rxRing.peek() === 1);
    expect(socket.rxRing.addr(socket.rxRing.cursor)).toBe(256);
    expect(socket.statistics()).toMatchObject({ rxInvalidDescs: 0, rxDropped: 0 });
    expect(takeLedger(socket, []).equation).toBe(
      "fill 1 + kernel 1 + rx 1 + application 0 + tx 0 + completion 0 = 3 of 2 frames",
    );
  });

  test("sleeps until a packet comes, or until the time is over", async () => {
    const { socket } = startReceiver();
    expect(socket.wait(1)).toBe(false);
    await lab.inject(packet, 1);
    expect(socket.wait(1000)).toBe(true);
  });

  test("drops and counts when the fill ring is empty, and when the rx ring is full", async () => {
    const maps = lab.redirect();
    const socket = lab.open({ ringSize: 64, umem: { frameSize: 2048, frameCount: 128 } });
    const pool = new FramePool(socket.umem);
    socket.attach(maps.xsks);
    await lab.inject(packet, 10);
    until("drops", () => socket.statistics().rxFillRingEmptyDescs >= 10);
    expect(socket.statistics()).toMatchObject({ rxFillRingEmptyDescs: 10, rxDropped: 10, rxRingFull: 0 });

    pool.fill(socket.fillRing, 64);
    await lab.inject(packet, 64);
    until("a full ring", () => socket.rxRing.peek() === 64);
    pool.fill(socket.fillRing, 5);
    await lab.inject(packet, 7);
    until("drops", () => socket.statistics().rxRingFull >= 7);
    expect(socket.statistics()).toMatchObject({ rxFillRingEmptyDescs: 10, rxRingFull: 7 });
    expect(takeLedger(socket, pool.list()).conserved).toBe(true);
  });

  test("names the wrong queue, the missing map entry and the missing frames", async () => {
    const { socket, maps } = startReceiver();
    const explain = () =>
      explainSilence({
        interfaceName: "veth-b",
        queue: socket.queue,
        queues: readQueueCounts(maps.queues, 2),
        statistics: socket.statistics(),
      });
    expect(explain()).toContain("no packet reached the XDP program");
    await lab.inject(packet, 32, 1);
    until("the program to run", () => readQueueCounts(maps.queues, 2)[1].misses === 32);
    expect(socket.rxRing.peek()).toBe(0);
    expect(explain()).toBe(
      "Cannot receive on veth-b queue 0: wrong queue; packets came in 32 on queue 1 -> bind a socket to queue 1",
    );
    const right = lab.open({ queue: 1 });
    right.attach(maps.xsks);
    new FramePool(right.umem).fill(right.fillRing);
    await lab.inject(packet, 32, 1);
    until("packets on queue 1", () => right.rxRing.peek() === 32);
    expect(socket.rxRing.peek()).toBe(0);
  });
});

describe("transmitting", () => {
  test("sends each packet once and gets every frame back", () => {
    const counter = lab.attach("count", "a");
    const socket = lab.open({ ringSize: 64, umem: { frameSize: 2048, frameCount: 64 } });
    const pool = new FramePool(socket.umem);
    const counted = () => counter.object.map("verdicts").readCounters(1)[0];
    let completed = 0;
    for (let sent = 0; sent < 1000; sent += 20) {
      const first = socket.txRing.reserve(20)!;
      for (let i = 0; i < 20; i++) {
        const addr = pool.take()!;
        socket.umem.bytes.set(packet, addr);
        socket.txRing.write(first + i, addr, packet.length);
      }
      socket.txRing.submit(20);
      until("20 completions", () => {
        socket.wakeTransmit();
        completed += reap(socket, pool);
        return completed === sent + 20;
      });
    }
    until("the peer to count", () => counted() === 1000);
    expect(counter.object.map("verdicts").readCounters(1)).toEqual([1000, 60_000]);
    expect(socket.statistics().txInvalidDescs).toBe(0);
    expect(takeLedger(socket, pool.list())).toMatchObject({ conserved: true, counts: { application: 64 } });
  });

  test("counts a descriptor that leaves the umem and goes on", () => {
    const counter = lab.attach("count", "a");
    const socket = lab.open({ ringSize: 64, umem: { frameSize: 2048, frameCount: 64 } });
    for (const addr of [64 * 2048, 0]) {
      socket.txRing.write(socket.txRing.reserve(1)!, addr, 60);
      socket.txRing.submit(1);
    }
    until("the good packet", () => {
      socket.wakeTransmit();
      return counter.object.map("verdicts").readCounters(1)[0] === 1;
    });
    expect(socket.statistics().txInvalidDescs).toBe(1);
  });
});

function reap({ completionRing }: RingSocket, pool: FramePool): number {
  const done = completionRing.peek();
  for (let i = 0; i < done; i++) pool.give(completionRing.read(completionRing.cursor + i));
  completionRing.release(done);
  return done;
}

describe("opening and closing", () => {
  test("asks for zero-copy and reads back what it got", () => {
    expect(lab.open({ bindMode: "kernelChooses" }).mode).toBe("copyMode");
    expect(() => lab.open({ queue: 1, bindMode: "zeroCopyMode" })).toThrow(
      "Cannot use zero-copy AF_XDP on veth-b: it needs a driver that gives its hardware our frames; found EOPNOTSUPP",
    );
    expect(lab.open({ queue: 1, bindMode: "copyMode" }).mode).toBe("copyMode");
  });

  test("says why it cannot bind", () => {
    lab.open();
    expect(() => lab.open()).toThrow(
      "Cannot bind AF_XDP socket to veth-b queue 0: EBUSY; another socket holds this queue",
    );
    expect(() => lab.open({ queue: 7 })).toThrow("EINVAL; the interface has no queue 7");
    expect(() => openXdpSocket({ interfaceName: "nowhere" })).toThrow("find interface nowhere");
    expect(() => lab.open({ umem: { frameSize: 1024, frameCount: 4 } })).toThrow("AF_XDP takes 2048 to 4096");
  });

  test("opens the same queue again and again, and leaves no descriptor and no memory behind", () => {
    const before = resources();
    for (let round = 0; round < 20; round++) lab.open({ bindMode: "copyMode" }).close();
    const after = resources();
    expect(after.descriptors).toBe(before.descriptors);
    expect(after.residentMb - before.residentMb).toBeLessThan(40); // 20 umems of 8 MB would be 160
  });

  test("survives rings and views that outlive it", async () => {
    const { socket } = startReceiver();
    const { rxRing, umem } = socket;
    const view = umem.packet(0, 60);
    const { words, producer } = rxRing.memory;
    view.fill(1);
    socket.close();
    socket.close();
    expect([view[0], words[0], producer[0], umem.bytes.length]).toEqual([0, 0, 0, 0]);
    view.fill(2);
    expect(() => rxRing.peek()).toThrow("Cannot use AF_XDP socket on veth-b queue 0: it is closed");
    expect(() => socket.wakeTransmit()).toThrow("it is closed");
    await lab.inject(packet, 64);
  });

  test("accepts busy polling and receives by it", async () => {
    const { socket } = startReceiver();
    socket.preferBusyPoll({ durationUs: 20, budget: 64 });
    const tally = { packets: 0, wrong: 0 };
    await lab.inject(packet, 64);
    until("64 packets", () => {
      socket.wakeReceive();
      receive(socket, tally);
      return tally.packets === 64;
    });
    expect(tally.wrong).toBe(0);
  });
});

function resources(): { descriptors: number; residentMb: number } {
  return {
    descriptors: readdirSync("/proc/self/fd").length,
    residentMb: process.memoryUsage.rss() / 2 ** 20,
  };
}
