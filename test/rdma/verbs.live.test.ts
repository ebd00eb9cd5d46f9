// Two ends on one wire, the far one in a process of its own. Everything here is an exact count or a name: how fast it was is nobody's claim.
import { setTimeout as delay } from "node:timers/promises";
import { nextCompletion, openRdmaSession, type RdmaSession, rdmaDevices } from "ringside/rdma";
import { patient, rdmaHere, threadId } from "ringside/sys";
import { countDuring } from "ringside/trace";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const BYTES = 4096;
const here = rdmaHere();

describe.skipIf(!here.available)(`RDMA (${here.reason})`, () => {
  let session: RdmaSession;
  beforeAll(async () => {
    session = await openRdmaSession({ bytes: BYTES });
  });
  afterAll(async () => {
    await session.close();
    expect(rdmaDevices()).not.toContain(session.wire.near.device);
  });

  test("both devices are in the list, each with its own address and no other", () => {
    const { near, far } = session.wire;
    expect(rdmaDevices()).toEqual(expect.arrayContaining([near.device, far.device]));
    expect(session.device.gidIndex(near.address)).toBeGreaterThanOrEqual(0);
    expect(() => session.device.gidIndex(far.address)).toThrow(
      /needs that address on the device's interface/,
    );
  });

  test("a queue pair takes its states in their order only", () => {
    const queue = session.device.queuePair();
    const peer = { address: session.wire.far.address, number: 17 };
    const index = session.device.gidIndex(session.wire.near.address);
    expect(() => queue.enter("RTS", index, peer)).toThrow(/lead queue pair \d+ to RTS.*EINVAL/);
    queue.enter("INIT", index, peer);
    expect(() => queue.enter("RTS", index, peer)).toThrow(/EINVAL/);
    queue.enter("RTR", index, peer);
    queue.enter("RTS", index, peer);
  });

  test("a write and a read reach a stopped process's memory; it makes no system call and never runs", async () => {
    const { queue, target, ours } = session;
    ours.bytes.set([1, 2, 3, 4], 100);
    target.freeze();
    await delay(patient(50));
    const watched = { pids: [target.pid] };
    const there = { ...target.memory, address: target.memory.address + 8 };
    const { result, counts } = await countDuring({ syscalls: watched, switches: watched }, () => {
      queue.write(7, { region: ours, at: 100, bytes: 4 }, there);
      const written = nextCompletion(queue);
      queue.read(8, { region: ours, at: 200, bytes: 4 }, there);
      return [written, nextCompletion(queue)];
    });
    expect(result.map(({ id, status, kind }) => [id, status, kind])).toEqual([
      [7, "success", "write"],
      [8, "success", "read"],
    ]);
    expect([...ours.bytes.subarray(199, 205)]).toEqual([0, 1, 2, 3, 4, 0]);
    expect([counts.syscalls.total, counts.switches, counts.uncounted]).toEqual([0, [], 0]);
    target.thaw();
    expect([...(await target.bytes(6, 8))]).toEqual([0, 0, 1, 2, 3, 4, 0, 0]);
    expect(await target.poll()).toBeNull(); // nobody told it
  });

  test("a send needs the other side: it goes where that gave room, and both are told", async () => {
    const { queue, target, ours } = session;
    ours.bytes.set([5, 6, 7, 8]);
    await target.receive(40, 2000, 64);
    queue.send(3, { region: ours, bytes: 4 });
    expect(nextCompletion(queue)).toMatchObject({ id: 3, status: "success", kind: "send" });
    expect(await target.poll(patient(1000))).toEqual({
      id: 40,
      status: "success",
      kind: "receive",
      bytes: 4,
    });
    expect([...(await target.bytes(1999, 6))]).toEqual([0, 5, 6, 7, 8, 0]);
  });

  test("a message that is longer than a packet arrives whole", async () => {
    const { queue, target, ours } = session;
    ours.bytes.set(Array.from({ length: BYTES }, (_, at) => at % 251));
    queue.write(1, { region: ours }, target.memory);
    expect(nextCompletion(queue).status).toBe("success");
    expect(await target.bytes(0, BYTES)).toEqual(Uint8Array.from(ours.bytes));
  });

  test("soft-RoCE's post is one system call, a look none; each write is a packet there and one back", async () => {
    const { queue, target, ours, wire } = session;
    const writes = 20;
    const before = wire.counters();
    const { counts } = await countDuring({ syscalls: { tids: [threadId()] } }, () => {
      for (let id = 0; id < writes; id++) {
        queue.write(id, { region: ours, bytes: 8 }, target.memory);
        nextCompletion(queue);
      }
    });
    const after = wire.counters();
    expect(counts.syscalls.byName.write).toBe(writes);
    // What else there may be is V8's housekeeping (futex, mprotect); what a look could be made of is not there.
    for (const name of ["ioctl", "poll", "read", "epoll_wait"])
      expect(counts.syscalls.byName).not.toHaveProperty(name);
    expect(after.near.packets.sent - before.near.packets.sent).toBe(writes);
    expect(after.far.packets.sent - before.far.packets.sent).toBe(writes);
    expect(after.near.driver.sent_pkts! - before.near.driver.sent_pkts!).toBe(writes);
    expect(after.far.driver.rcvd_pkts! - before.far.driver.rcvd_pkts!).toBe(writes);
  });

  test("a wrong key is refused by the other side's device, nothing is written, and the queue pair is of no more use", async () => {
    const { queue, target } = await session.again();
    const { ours } = session;
    ours.bytes.fill(255);
    const wrong = { ...target.memory, remoteKey: target.memory.remoteKey ^ 1 };
    queue.write(1, { region: ours, bytes: 8 }, wrong);
    expect(nextCompletion(queue)).toMatchObject({ id: 1, status: "remote access error", kind: null });
    expect([...(await target.bytes(0, 8))]).toEqual(Array(8).fill(0));
    queue.write(2, { region: ours, bytes: 8 }, target.memory);
    expect(nextCompletion(queue)).toMatchObject({ id: 2, status: "flushed" });
  });

  test("a write that ends behind the region is refused whole", async () => {
    const { queue, target } = await session.again();
    const { ours } = session;
    ours.bytes.fill(255);
    const end = { ...target.memory, address: target.memory.address + BYTES - 4 };
    queue.write(1, { region: ours, bytes: 8 }, end);
    expect(nextCompletion(queue)).toMatchObject({ status: "remote access error" });
    expect([...(await target.bytes(BYTES - 8, 8))]).toEqual(Array(8).fill(0));
  });

  test("our own device keeps our own region's bounds", async () => {
    const { queue, target } = await session.again();
    const small = session.device.register(64);
    small.bytes.fill(255);
    queue.write(1, { region: small, at: 60, bytes: 8 }, target.memory);
    // A card says the first. Linux 6.12's soft-RoCE finds the same error and then flushes the queue, this request with it.
    expect(["local protection error", "flushed"]).toContain(nextCompletion(queue).status);
    expect([...(await target.bytes(0, 8))]).toEqual(Array(8).fill(0));
  });
});

describe.skipIf(!here.available)("a region for reading", () => {
  test("cannot be written", async () => {
    const session = await openRdmaSession({ rights: ["read"] });
    try {
      const { queue, target, ours } = session;
      queue.write(1, { region: ours, bytes: 8 }, target.memory);
      expect(nextCompletion(queue)).toMatchObject({ status: "remote access error" });
    } finally {
      await session.close();
    }
  });
});
