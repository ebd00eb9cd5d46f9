import { readdirSync } from "node:fs";
import { type Injector, Testbed, twoHosts } from "ringside/net";
import {
  inNamespace,
  openPacketReceiver,
  openPacketSender,
  type PacketReceiver,
  type PacketReceiverSpec,
  type PacketSender,
  patient,
  threadId,
} from "ringside/sys";
import { countDuring } from "ringside/trace";
import { attachXdp, loadXdp } from "ringside/xdp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const ETHERTYPE = 0x88b5;
let testbed: Testbed;
let injector: Injector;
beforeAll(() => {
  testbed = Testbed.create(twoHosts());
  attachXdp(testbed, "b", loadXdp("pass"));
  injector = testbed.injector("a");
});
afterAll(() => testbed.close());

function openReceiver(spec: Partial<PacketReceiverSpec> = {}): PacketReceiver {
  const usual = { interfaceName: "veth-b", blockBytes: 65_536, blocks: 64, retireMs: 5, protocol: ETHERTYPE };
  return inNamespace(testbed.path("b"), () => openPacketReceiver({ ...usual, ...spec }));
}

function openSender(): PacketSender {
  return inNamespace(testbed.path("a"), () =>
    openPacketSender({ interfaceName: "veth-a", slotBytes: 2048, slots: 256 }),
  );
}

/** Reads packets until so many have come, or none comes for 100 ms. */
function drain(
  receiver: PacketReceiver,
  wanted: number,
  onPacket: (at: number) => void = () => undefined,
): number {
  const { ring } = receiver;
  let received = 0;
  while (received < wanted) {
    const ready = ring.peek();
    if (ready === 0) {
      if (!receiver.wait(100)) break;
      continue;
    }
    for (let i = 0; i < ready; i++) onPacket(ring.read());
    received += ready;
    ring.release();
  }
  return received;
}

describe("receiving", () => {
  test("gets 100 000 packets, each with an skb of its own, in under one system call per 100", async () => {
    const receiver = openReceiver();
    try {
      let wrong = 0;
      let received = 0;
      const { counts } = await countDuring(
        { syscalls: { tids: [threadId()] }, skbs: { namespaces: [testbed.path("b")] } },
        () => {
          while (received < 100_000) {
            const burst = injector.injectNow(10_000).arrived;
            received += drain(receiver, burst, (at) => {
              if (receiver.ring.bytes[at + 12] !== 0x88 || receiver.ring.lengthBytes !== 60) wrong++;
            });
          }
        },
      );
      expect([received, wrong]).toEqual([100_000, 0]);
      expect(receiver.statistics()).toEqual({ packets: 100_000, drops: 0, freezes: 0 });
      expect(counts.skbs.own.entered).toBe(100_000);
      expect(counts.syscalls.byName.poll ?? 0).toBeLessThan(1000);
    } finally {
      receiver.close();
    }
  });

  test("drops and counts what finds no free block, and goes on when one is given back", () => {
    const receiver = openReceiver({ blockBytes: 4096, blocks: 4 });
    try {
      injector.injectNow(1000);
      const received = drain(receiver, 1000);
      const { packets, drops, freezes } = receiver.statistics();
      expect(received).toBeGreaterThan(0);
      expect([packets, drops]).toEqual([1000, 1000 - received]);
      expect(freezes).toBeGreaterThan(0);
      injector.injectNow(10);
      expect(drain(receiver, 10)).toBe(10);
    } finally {
      receiver.close();
    }
  });

  test("gives a block away after its time, though it is not full", () => {
    const receiver = openReceiver({ retireMs: patient(20) });
    try {
      injector.injectNow(3);
      expect(receiver.ring.peek()).toBe(0);
      expect(receiver.wait(1000)).toBe(true);
      expect(receiver.ring.peek()).toBe(3);
      expect(receiver.wait(0)).toBe(true);
      receiver.ring.release();
      expect(receiver.wait(1)).toBe(false);
    } finally {
      receiver.close();
    }
  });

  test("says when its interface has gone", () => {
    const other = Testbed.create(twoHosts());
    const receiver = inNamespace(other.path("b"), () =>
      openPacketReceiver({ interfaceName: "veth-b", blockBytes: 4096, blocks: 2, retireMs: 5 }),
    );
    try {
      other.inside("b", "ip", "link", "del", "veth-b");
      expect(() => receiver.wait(1000)).toThrow("ENETDOWN");
    } finally {
      receiver.close();
      other.close();
    }
  });
});

describe("sending", () => {
  test("sends every frame once, in order, with one system call a batch", async () => {
    const receiver = openReceiver();
    const sender = openSender();
    const { ring } = sender;
    const numbers = new DataView(ring.bytes.buffer);
    const seen = new DataView(receiver.ring.bytes.buffer);
    let sent = 0;
    const sendBatch = (): void => {
      const first = ring.reserve(64);
      if (first === null) return;
      for (let i = 0; i < 64; i++) {
        const at = ring.offsetOf(first + i);
        ring.bytes.fill(0xff, at, at + 12);
        numbers.setUint16(at + 12, ETHERTYPE);
        numbers.setUint32(at + 14, sent++);
        ring.write(first + i, 60);
      }
      ring.submit(64);
      sender.flush();
    };
    try {
      let next = 0;
      let wrong = 0;
      const { counts } = await countDuring({ syscalls: { tids: [threadId()] } }, () => {
        while (next < 64_000) {
          if (sent < 64_000) sendBatch();
          const ready = receiver.ring.peek();
          if (ready === 0 && sent === 64_000 && !receiver.wait(100)) break;
          for (let i = 0; i < ready; i++) if (seen.getUint32(receiver.ring.read() + 14) !== next++) wrong++;
          receiver.ring.release();
        }
      });
      expect([sent, next, wrong]).toEqual([64_000, 64_000, 0]);
      expect(counts.syscalls.byName.sendto).toBe(1000);
    } finally {
      sender.close();
      receiver.close();
    }
  });

  test("names a frame that is longer than the interface takes", () => {
    const sender = openSender();
    try {
      sender.ring.write(sender.ring.reserve(1)!, 1600);
      sender.ring.submit(1);
      expect(() => sender.flush()).toThrow("Cannot send what waits for veth-a: send says EMSGSIZE");
    } finally {
      sender.close();
    }
  });
});

describe("opening", () => {
  test("names what cannot be, and leaves nothing behind", () => {
    const before = readdirSync("/proc/self/fd").length;
    expect(() => openReceiver({ interfaceName: "nowhere" })).toThrow("find interface nowhere");
    expect(() => openReceiver({ blockBytes: 5000 })).toThrow("make a block a multiple of 4096 bytes");
    for (let i = 0; i < 10; i++) openReceiver({ blocks: 2 }).close();
    expect(readdirSync("/proc/self/fd").length).toBe(before);
  });

  test("lets views outlive the ring", () => {
    const receiver = openReceiver({ blocks: 2 });
    const { ring } = receiver;
    injector.injectNow(1);
    receiver.wait(1000);
    receiver.close();
    receiver.close();
    expect([ring.peek(), ring.bytes[0]]).toEqual([0, 0]);
  });
});
