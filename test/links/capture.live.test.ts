// A second opinion on what our stack and Linux say to each other where nothing is lost: tcpdump finds no bad checksum and
// nothing malformed, and of our segments each byte was sent once and in order, and no acknowledgment goes back or ahead.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { machineClock, TapLink } from "ringside/links";
import { type PacketToWrite, parseIpv4, parseTcp, TCP_FLAG, writePcap } from "ringside/packet";
import { seqAtMost, seqLater } from "ringside/stack";
import { expect, onTestFinished, test } from "vitest";
import { LinuxPeer } from "./linux-peer.js";

const BYTES = 1 << 17;
const OUR_PORT = 80;

/** A connection that carries a stream each way, pings, and ends in order. */
function conversation(): PacketToWrite[] {
  const packets: PacketToWrite[] = [];
  const peer = new LinuxPeer({
    tcp: { minRtoMs: 10_000, initialRtoMs: 10_000 }, // a busy machine is no reason to send again
    wrap: (link) =>
      new TapLink(link, machineClock, (_, bytes, start, end, atMs) =>
        packets.push({ timestampNs: BigInt(Math.round(atMs * 1e6)), bytes: bytes.slice(start, end) }),
      ),
  });
  const { linux, stack } = peer;
  const { fd, ours } = peer.connect(stack.listenTcp(OUR_PORT, 1));
  const data = new Uint8Array(BYTES).fill(0x61);
  expect(ours.write(data)).toBe(BYTES);
  peer.hear(fd, BYTES);
  for (let sent = 0; sent < BYTES; ) {
    const took = linux.sendmsg(fd, data.subarray(sent, sent + 8192)) ?? 0;
    sent += took;
    peer.read(ours, took);
  }
  stack.ping(0x0a000001, 1, 1, data.subarray(0, 1400));
  linux.shutdown(fd, "write");
  peer.reach(ours, "CLOSE-WAIT");
  ours.close();
  peer.hearEnd(fd);
  linux.close(fd);
  peer.reach(ours, "CLOSED");
  return packets;
}

/** What tcpdump says of each packet, its second lines included. */
function tcpdump(packets: PacketToWrite[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), "ringside-tcpdump-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "conversation.pcap");
  writeFileSync(file, writePcap(packets));
  const options = ["-r", file, "-nn", "-tt", "-vv"];
  const text = execFileSync("tcpdump", options, { stdio: ["ignore", "pipe", "ignore"] }).toString();
  return text.trimEnd().split(/\n(?=\d+\.\d+ )/);
}

/**
 * What an expert would warn of: text of ours that does not follow on what came before, and acknowledgments of either side that go
 * back or ahead. Linux may send a tail twice where this process was kept waiting.
 */
function warnings(packets: PacketToWrite[]): string[] {
  const found: string[] = [];
  const next = new Map<number, number>();
  const acked = new Map<number, number>();
  for (const [index, { bytes }] of packets.entries()) {
    if (bytes[12] !== 8 || bytes[13] !== 0) continue;
    const ip = parseIpv4(bytes, 14);
    if (ip.protocol !== 6) continue;
    const tcpStart = 14 + ((bytes[14]! & 15) << 2);
    const { sourcePort, destinationPort, sequence, acknowledgment, flags } = parseTcp(bytes, tcpStart);
    const header = (bytes[tcpStart + 12]! >> 4) * 4;
    const text = 14 + ip.totalLength - tcpStart - header;
    const length = text + (flags & (TCP_FLAG.syn | TCP_FLAG.fin) ? 1 : 0);
    const expected = next.get(sourcePort) ?? sequence;
    if (sourcePort === OUR_PORT && sequence !== expected)
      found.push(`packet ${index}: sequence ${sequence} after ${expected}`);
    next.set(sourcePort, seqLater(expected, (sequence + length) >>> 0));
    if (flags & TCP_FLAG.rst) found.push(`packet ${index}: RST`);
    if ((flags & TCP_FLAG.ack) === 0) continue;
    if (!seqAtMost(acked.get(sourcePort) ?? acknowledgment, acknowledgment))
      found.push(`packet ${index}: acknowledgment ${acknowledgment} goes back`);
    if (!seqAtMost(acknowledgment, next.get(destinationPort) ?? acknowledgment))
      found.push(`packet ${index}: acknowledgment ${acknowledgment} of what was not sent`);
    acked.set(sourcePort, acknowledgment);
  }
  return found;
}

test("tcpdump finds nothing wrong in a conversation without loss, and no byte of ours is sent twice", () => {
  const packets = conversation();
  const lines = tcpdump(packets);
  expect(lines.length).toBe(packets.length);
  const isTcp = (line: string): boolean => line.includes("proto TCP");
  expect(lines.filter(isTcp).length).toBeGreaterThan((2 * BYTES) / 1460);
  expect(lines.filter((line) => isTcp(line) && !line.includes("(correct)"))).toEqual([]);
  expect(lines.filter((line) => /incorrect|wrong|bad|invalid|trunc|malformed|\[\|/i.test(line))).toEqual([]);
  expect(warnings(packets)).toEqual([]);
});

test("the same eyes see a flipped bit, a segment sent twice and one left out", () => {
  const packets = conversation();
  const isText = ({ bytes }: PacketToWrite): boolean => bytes.length > 1400 && bytes[23] === 6;
  const at = packets.findIndex(isText);
  const flipped = packets.map(({ timestampNs, bytes }) => ({ timestampNs, bytes: bytes.slice() }));
  flipped[at]!.bytes[100]! ^= 1;
  expect(tcpdump(flipped).filter((line) => line.includes("(incorrect")).length).toBe(1);
  expect(warnings(packets.toSpliced(at, 0, packets[at]!))).not.toEqual([]);
  expect(warnings(packets.toSpliced(at, 1))).not.toEqual([]);
});
