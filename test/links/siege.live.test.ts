// A connection with Linux that is in for trouble: nobody reads, or a stranger forges segments.
import { TCP_FLAG } from "ringside/packet";
import { type Connection, seqAdd } from "ringside/stack";
import { seededRandom } from "ringside/stats";
import { expect, test } from "vitest";
import { LINUX, LinuxPeer, numberIn, toBytes } from "./linux-peer.js";

function noise(length: number): Uint8Array {
  const random = seededRandom(1);
  return Uint8Array.from({ length }, () => random() * 256);
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

test("our probes outlast a reader of Linux's who does not read", () => {
  const peer = new LinuxPeer({ tcp: { minRtoMs: 10 } });
  const { stack, linux } = peer;
  peer.live.testbed.inside("a", "sysctl", "-q", "-w", "net.ipv4.tcp_rmem=4096 16384 16384");
  const { fd, ours } = peer.connect(stack.listenTcp(80, 1));
  const data = noise(1 << 17); // all of it fits into our send buffer
  expect(ours.write(data)).toBe(data.length);
  peer.until(
    () => ours.info().sendWindowBytes === 0,
    () => `${ours}: the window did not shut`,
  );
  const before = stack.counters.framesOut;
  peer.until(
    () => stack.counters.framesOut >= before + 4,
    () => `${ours} did not ask`,
  );
  expect([ours.failure, ours.info().sendWindowBytes]).toEqual([null, 0]);
  expect(isSame(peer.hear(fd, data.length), data)).toBe(true);
  linux.close(fd);
});

test("Linux's probes are answered while we do not read", () => {
  const peer = new LinuxPeer({ tcp: { receiveBufferBytes: 1 << 12 } });
  const { stack, linux } = peer;
  const { fd, ours } = peer.connect(stack.listenTcp(80, 1));
  const data = noise(1 << 14);
  expect(linux.sendmsg(fd, data)).toBe(data.length);
  peer.until(
    () => ours.info().receiveWindowBytes === 0,
    () => `${ours}: the window did not shut`,
  );
  const { framesIn, framesOut } = stack.counters;
  peer.until(
    () => stack.counters.framesIn >= framesIn + 2 && stack.counters.framesOut >= framesOut + 2,
    () => "Linux did not ask, or we did not answer",
  );
  expect(ours.readable).toBe(1 << 12);
  expect(isSame(peer.read(ours, data.length), data)).toBe(true);
  linux.close(fd);
});

/** A RST as Linux would send it, at so many bytes from the first. */
function resetOn(ours: Connection, offset: number): ReturnType<Parameters<LinuxPeer["forge"]>[1]> {
  const ports = { sourcePort: ours.remote.port, destinationPort: ours.local.port };
  const sequence = seqAdd(ours.info().irs, 1 + offset) >>> 0;
  return { source: LINUX.address, tcp: { ...ports, flags: TCP_FLAG.rst, sequence } };
}

test("ten thousand forged RSTs cost a hundred challenges a second, and only the exact one ends the connection", () => {
  const peer = new LinuxPeer();
  const { stack, linux } = peer;
  const { fd, ours } = peer.connect(stack.listenTcp(80, 1));
  const startedMs = performance.now();
  peer.forge(10_000, (index) => resetOn(ours, 1 + index));
  const seconds = Math.ceil((performance.now() - startedMs) / 1000) + 1;
  expect([ours.state, ours.failure]).toEqual(["ESTABLISHED", null]);
  expect(stack.counters.challengeAcks).toBeGreaterThanOrEqual(100);
  expect(stack.counters.challengeAcks).toBeLessThanOrEqual(100 * seconds);
  linux.sendmsg(fd, toBytes(7));
  expect(numberIn(peer.read(ours, 4))).toBe(7);
  peer.forge(1, () => resetOn(ours, 4));
  expect(ours.failure).toBe("ECONNRESET");
  linux.close(fd);
});

test("a flood of ten thousand SYNs takes up the backlog and no more; who is connected notices nothing", () => {
  const peer = new LinuxPeer({ tcp: { synRetries: 1, initialRtoMs: 50 } });
  const { stack, linux } = peer;
  const listener = stack.listenTcp(80, 16);
  const { fd, ours } = peer.connect(listener);
  let mostHalfOpen = 0;
  peer.forge(10_000, (index) => {
    mostHalfOpen = Math.max(mostHalfOpen, listener.halfOpenCount);
    const source = `10.0.0.${100 + (index % 100)}`;
    return { source, tcp: { sourcePort: 1024 + index, destinationPort: 80, flags: TCP_FLAG.syn } };
  });
  expect(mostHalfOpen).toBe(16);
  expect(stack.tcp.table.size).toBeLessThanOrEqual(17);
  expect(stack.counters.drops.tcpSynBacklog).toBeGreaterThan(5000);
  expect(stack.arp.neighbours.size).toBeLessThanOrEqual(256);
  linux.sendmsg(fd, toBytes(7));
  expect(numberIn(peer.read(ours, 4))).toBe(7);
  peer.until(
    () => listener.halfOpenCount === 0,
    () => `${listener.halfOpenCount} are half open`,
  );
  for (const open of [fd, peer.connect(listener).fd]) linux.close(open);
});
