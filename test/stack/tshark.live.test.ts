// A second opinion on our TCP where nothing is lost: tshark's expert reads a conversation of two of our stacks, and finds nothing malformed, no bad
// checksum and nothing to warn of. It needs no kernel, but a program that only a machine set up for tests has.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TapLink } from "ringside/links";
import { type PacketToWrite, writePcap } from "ringside/packet";
import { PlainWire, Stack, type TcpConnection, VirtualClock } from "ringside/stack";
import { expect, onTestFinished, test } from "vitest";

const BYTES = 1 << 17;
const QUESTIONS = 50;
const WRONG =
  "_ws.malformed || ip.checksum.status == 0 || tcp.checksum.status == 0 || icmp.checksum.status == 0";
/** A window that opens is no fault, and here none shuts. 0x600000 is the expert's "warning". */
const BAD_TCP = "(tcp.analysis.flags || _ws.expert.severity >= 0x600000) && !tcp.analysis.window_update";

/** A stream each way, a ping, questions with their answers, and an orderly end. */
function conversation(): PacketToWrite[] {
  const packets: PacketToWrite[] = [];
  const wire = new PlainWire();
  const clock = new VirtualClock();
  const link = new TapLink(wire.a, clock, (_, bytes, start, end, atMs) =>
    packets.push({ timestampNs: BigInt(Math.round(atMs * 1e6)), bytes: bytes.slice(start, end) }),
  );
  const a = new Stack({ link, clock, address: "10.0.0.1", seed: 1 });
  const b = new Stack({ link: wire.b, clock, address: "10.0.0.2", seed: 2 });
  /** Until nothing has moved for longer than a delayed acknowledgment waits. */
  const settle = (): void => {
    for (let quiet = 0; quiet < 500; quiet = a.poll() + b.poll() > 0 ? 0 : quiet + 1) clock.advance(0.1);
  };
  const data = new Uint8Array(BYTES).fill(0x61);
  const heard = new Uint8Array(BYTES);
  const carry = (from: TcpConnection, to: TcpConnection, length: number): void => {
    let read = 0;
    to.onEvents = () => {
      read += to.read(heard);
    };
    expect(from.write(data, 0, length)).toBe(length);
    settle();
    expect(read).toBe(length);
  };

  const listener = b.listenTcp(80, 1);
  const client = a.connectTcp({ address: b.address, port: 80 });
  settle();
  const server = listener.accept()!;
  carry(client, server, BYTES);
  carry(server, client, BYTES);
  a.ping(b.address, 1, 1, data.subarray(0, 1400));
  for (let count = 0; count < QUESTIONS; count++) {
    carry(client, server, 64);
    carry(server, client, 64);
  }
  client.close();
  settle();
  server.close();
  settle();
  expect([client.state, server.state]).toEqual(["TIME-WAIT", "CLOSED"]);
  return packets;
}

/** The packets of which tshark says something. @param filter in its own words */
function tshark(packets: PacketToWrite[], filter: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), "ringside-tshark-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "conversation.pcap");
  writeFileSync(file, writePcap(packets));
  const options = ["-n", "-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE", "-Y", filter];
  const text = execFileSync("tshark", ["-r", file, ...options], { stdio: ["ignore", "pipe", "ignore"] });
  return text
    .toString()
    .split("\n")
    .filter((line) => line !== "");
}

test("tshark finds nothing malformed, no bad checksum and nothing to warn of between two of our stacks", () => {
  const packets = conversation();
  expect(tshark(packets, "tcp").length).toBeGreaterThan((2 * BYTES) / 1460 + 2 * QUESTIONS);
  expect(tshark(packets, WRONG)).toEqual([]);
  expect(tshark(packets, BAD_TCP)).toEqual([]);
});

test("the same eyes see a flipped bit, a segment sent twice and one left out", () => {
  const packets = conversation();
  const at = packets.findIndex(({ bytes }) => bytes.length > 1400 && bytes[23] === 6);
  const flipped = packets.map(({ timestampNs, bytes }) => ({ timestampNs, bytes: bytes.slice() }));
  flipped[at]!.bytes[100]! ^= 1;
  expect(tshark(flipped, WRONG).length).toBe(1);
  expect(tshark(packets.toSpliced(at, 0, packets[at]!), BAD_TCP).join()).toContain("Retransmission");
  expect(tshark(packets.toSpliced(at + 1, 1), BAD_TCP).join()).toContain("Previous segment not captured");
});
