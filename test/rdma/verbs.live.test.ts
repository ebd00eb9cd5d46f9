// Two ends on one wire, the far one in a process of its own. Everything here is an exact count or a name: how fast it was is nobody's claim.
import { setTimeout as delay } from "node:timers/promises";
import {
  openRdma,
  type QueuePair,
  type RdmaCompletion,
  type RdmaDevice,
  RdmaTarget,
  type RdmaTargetSpec,
  RdmaWire,
  rdmaDevices,
} from "ringside/rdma";
import { patient, rdmaHere } from "ringside/sys";
import { countDuring } from "ringside/trace";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const BYTES = 4096;
const here = rdmaHere();

let wire: RdmaWire;
let device: RdmaDevice;
const targets: RdmaTarget[] = [];

async function meet(spec: Partial<RdmaTargetSpec> = {}): Promise<{ queue: QueuePair; target: RdmaTarget }> {
  const target = await RdmaTarget.start({ end: wire.far, bytes: BYTES, ...spec });
  targets.push(target);
  const queue = device.queuePair();
  queue.connect(device.gidIndex(wire.near.address), target.peer);
  await target.connect({ address: wire.near.address, number: queue.number });
  return { queue, target };
}

function next(queue: QueuePair): RdmaCompletion {
  const deadline = performance.now() + patient(2000);
  while (performance.now() < deadline) {
    const completion = queue.poll();
    if (completion !== null) return completion;
  }
  throw new Error("Cannot see a completion: none came in time -> look at wire.counters()");
}

describe.skipIf(!here.available)(`soft-RoCE (${here.reason})`, () => {
  beforeEach(() => {
    wire = RdmaWire.create();
    device = openRdma(wire.near.device);
  });

  afterEach(async () => {
    for (const target of targets.splice(0)) await target.close();
    device.close();
    wire.close();
    expect(rdmaDevices()).not.toContain(wire.near.device);
  });

  test("both devices are in the list, each with its interface's address", () => {
    expect(rdmaDevices()).toEqual(expect.arrayContaining([wire.near.device, wire.far.device]));
    expect(device.gidIndex(wire.near.address)).toBeGreaterThanOrEqual(0);
    expect(() => device.gidIndex(wire.far.address)).toThrow(/has|address/);
  });

  test("a queue pair takes its states in order only", async () => {
    const queue = device.queuePair();
    const peer = { address: wire.far.address, number: 17 };
    expect(() => queue.enter("RTS", 0, peer)).toThrow(/lead queue pair \d+ to RTS.*EINVAL/);
    queue.enter("INIT", 0, peer);
    expect(() => queue.enter("RTS", 0, peer)).toThrow(/EINVAL/);
  });

  test("a write puts bytes into a stopped process's memory, which makes no system call and never runs", async () => {
    const { queue, target } = await meet();
    const ours = device.register(BYTES);
    ours.bytes.set([1, 2, 3, 4], 100);
    target.freeze();
    await delay(50);
    const watched = { pids: [target.pid] };
    const { result, counts } = await countDuring({ syscalls: watched, switches: watched }, () => {
      queue.write(
        7,
        { region: ours, at: 100, bytes: 4 },
        { ...target.memory, address: target.memory.address + 8 },
      );
      return next(queue);
    });
    expect(result).toEqual({ id: 7, status: "success", kind: "write", bytes: expect.any(Number) });
    expect(counts.syscalls.total).toBe(0);
    expect(counts.switches).toEqual([]);
    expect(counts.uncounted).toBe(0);
    target.thaw();
    expect([...(await target.bytes(6, 8))]).toEqual([0, 0, 1, 2, 3, 4, 0, 0]);
    expect(await target.poll()).toBeNull();
  });

  test("a read takes bytes out of a stopped process's memory", async () => {
    const { queue, target } = await meet();
    const ours = device.register(BYTES);
    ours.bytes.set([9, 8, 7]);
    queue.write(1, { region: ours, bytes: 3 }, target.memory);
    expect(next(queue)).toMatchObject({ id: 1, status: "success" });
    target.freeze();
    queue.read(2, { region: ours, at: 1000, bytes: 3 }, target.memory);
    expect(next(queue)).toMatchObject({ id: 2, status: "success", kind: "read" });
    expect([...ours.bytes.subarray(999, 1004)]).toEqual([0, 9, 8, 7, 0]);
    target.thaw();
  });

  test("a send needs the other side: it goes where that gave room, and both are told", async () => {
    const { queue, target } = await meet();
    const ours = device.register(BYTES);
    ours.bytes.set([5, 6, 7, 8]);
    await target.receive(40, 2000, 64);
    queue.send(3, { region: ours, bytes: 4 });
    expect(next(queue)).toMatchObject({ id: 3, status: "success", kind: "send" });
    expect(await target.poll(patient(1000))).toEqual({
      id: 40,
      status: "success",
      kind: "receive",
      bytes: 4,
    });
    expect([...(await target.bytes(1999, 6))]).toEqual([0, 5, 6, 7, 8, 0]);
  });

  test("each post is one system call, and no look for its end is any", async () => {
    const { queue, target } = await meet();
    const ours = device.register(BYTES);
    const writes = 20;
    const { counts } = await countDuring({ syscalls: { pids: [process.pid] } }, () => {
      for (let id = 0; id < writes; id++) {
        queue.write(id, { region: ours, bytes: 8 }, target.memory);
        next(queue);
      }
    });
    expect(counts.syscalls.byName.write ?? counts.syscalls.byName.ioctl).toBe(writes);
  });

  test("every write is a packet there and an answer back, counted by the driver and by the interface", async () => {
    const { queue, target } = await meet();
    const ours = device.register(BYTES);
    const before = wire.counters();
    for (let id = 0; id < 10; id++) {
      queue.write(id, { region: ours, bytes: 8 }, target.memory);
      next(queue);
    }
    const after = wire.counters();
    expect(after.near.packets.sent - before.near.packets.sent).toBe(10);
    expect(after.far.packets.received - before.far.packets.received).toBe(10);
    expect(after.near.packets.received - before.near.packets.received).toBe(10);
    expect(after.near.driver.sent_pkts! - before.near.driver.sent_pkts!).toBe(10);
  });

  describe("protection", () => {
    test("a wrong key is refused by the other side's device, and nothing is written", async () => {
      const { queue, target } = await meet();
      const ours = device.register(BYTES);
      ours.bytes.fill(255);
      const wrong = { ...target.memory, remoteKey: target.memory.remoteKey ^ 1 };
      queue.write(1, { region: ours, bytes: 8 }, wrong);
      expect(next(queue)).toMatchObject({ id: 1, status: "remote access error", kind: null });
      expect([...(await target.bytes(0, 8))]).toEqual(Array(8).fill(0));
    });

    test("a write that ends behind the region is refused whole", async () => {
      const { queue, target } = await meet();
      const ours = device.register(BYTES);
      ours.bytes.fill(255);
      const end = { ...target.memory, address: target.memory.address + BYTES - 4 };
      queue.write(1, { region: ours, bytes: 8 }, end);
      expect(next(queue)).toMatchObject({ status: "remote access error" });
      expect([...(await target.bytes(BYTES - 8, 8))]).toEqual(Array(8).fill(0));
    });

    test("what was not allowed is refused: a write into a region for reading", async () => {
      const { queue, target } = await meet({ rights: ["read"] });
      const ours = device.register(BYTES);
      queue.write(1, { region: ours, bytes: 8 }, target.memory);
      expect(next(queue)).toMatchObject({ status: "remote access error" });
    });

    test("our own device keeps our own region's bounds", async () => {
      const { queue, target } = await meet();
      const ours = device.register(64);
      queue.write(1, { region: ours, at: 60, bytes: 8 }, target.memory);
      expect(next(queue)).toMatchObject({ status: "local protection error" });
    });

    test("after an error the queue pair is of no more use: what follows is flushed", async () => {
      const { queue, target } = await meet();
      const ours = device.register(BYTES);
      queue.write(1, { region: ours, bytes: 8 }, { ...target.memory, remoteKey: 0 });
      expect(next(queue)).toMatchObject({ id: 1, status: "remote access error" });
      queue.write(2, { region: ours, bytes: 8 }, target.memory);
      expect(next(queue)).toMatchObject({ id: 2, status: "flushed" });
    });
  });
});
