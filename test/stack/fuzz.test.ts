// Mutated frames through the whole receive path: nothing throws, nothing hangs, nothing grows, and the sockets work
// afterwards. RINGSIDE_FUZZ sets how many frames; a failure prints its seed and the frame.
import { buildFrame, TCP_FLAG } from "ringside/packet";
import { ModelNetwork, type TcpConnection } from "ringside/stack";
import { type Random, seededRandom } from "ringside/stats";
import { expect, test } from "vitest";

const FRAMES = Number(process.env.RINGSIDE_FUZZ ?? 100_000);
const SEED = Number(process.env.RINGSIDE_SEED ?? 1);

const ethernet = { source: "02:72:73:00:00:01", destination: "02:72:73:00:00:02" };
const ipv4 = { source: "10.0.0.1", destination: "10.0.0.2" };

/** Sound frames of every kind, some of them for the connection that is open. */
function templates(client: TcpConnection, server: { iss: number; irs: number }): Uint8Array[] {
  const udp = { sourcePort: 4000, destinationPort: 7 };
  const own = { sourcePort: client.local.port, destinationPort: 80 };
  const at = { sequence: server.irs + 1, acknowledgment: server.iss + 1, window: 1000 };
  const arp = {
    senderMac: ethernet.source,
    senderIp: ipv4.source,
    targetMac: "00:00:00:00:00:00",
    targetIp: ipv4.destination,
  };
  const flags = [
    TCP_FLAG.syn,
    TCP_FLAG.ack,
    TCP_FLAG.ack | TCP_FLAG.psh,
    TCP_FLAG.fin | TCP_FLAG.ack,
    TCP_FLAG.rst,
    TCP_FLAG.syn | TCP_FLAG.ack,
  ];
  const inner = buildFrame({
    ethernet,
    ipv4: { source: ipv4.destination, destination: ipv4.source },
    udp,
  }).subarray(14);
  return [
    buildFrame({ ethernet, arp: { operation: 1, ...arp } }),
    buildFrame({ ethernet, arp: { operation: 2, ...arp } }),
    buildFrame({ ethernet, ipv4, icmp: { type: 8, identifier: 1, sequence: 1 }, payload: "ping" }),
    buildFrame({ ethernet, ipv4, icmp: { type: 3, code: 3 }, payload: inner }),
    buildFrame({ ethernet, ipv4, udp, payload: "datagram" }),
    buildFrame({
      ethernet,
      ipv4: { ...ipv4, flags: 1, identification: 7 },
      udp,
      payload: new Uint8Array(64),
    }),
    buildFrame({
      ethernet,
      ipv4: { ...ipv4, fragmentOffset: 8, identification: 7, protocol: 17 },
      payload: new Uint8Array(64),
    }),
    buildFrame({ ethernet, ipv4: { ...ipv4, protocol: 200 }, payload: "who knows" }),
    ...flags.map((flag) =>
      buildFrame({
        ethernet,
        ipv4,
        tcp: { ...own, ...at, flags: flag },
        payload: flag & TCP_FLAG.psh ? "text" : "",
      }),
    ),
    buildFrame({
      ethernet,
      ipv4,
      tcp: {
        sourcePort: 9,
        destinationPort: 80,
        flags: TCP_FLAG.syn,
        options: [
          { name: "mss", bytes: 1460 },
          { name: "windowScale", shift: 14 },
          { name: "sackPermitted" },
        ],
      },
    }),
    buildFrame({
      ethernet,
      ipv4,
      tcp: {
        ...own,
        ...at,
        flags: TCP_FLAG.ack,
        options: [{ name: "other", kind: 5, data: new Uint8Array(24).fill(3) }],
      },
    }),
  ];
}

/** Flips, sets, cuts, lengthens; then, mostly, mends the checksums, so that the frame comes further than the first test. */
function mutate(template: Uint8Array, random: Random): Uint8Array {
  const below = (limit: number): number => Math.floor(random() * limit);
  let frame = template.slice();
  for (let changes = below(4); changes > 0; changes--) {
    const at = 14 + below(frame.length - 14);
    frame[at] = random() < 0.5 ? frame[at]! ^ (1 << below(8)) : [0, 255, 127, 128, 1, below(256)][below(6)]!;
  }
  const length = random();
  if (length < 0.1) frame = frame.slice(0, below(frame.length + 1));
  else if (length < 0.2) frame = Uint8Array.from([...frame, ...new Uint8Array(below(200))]);
  return random() < 0.8 ? mended(frame) : frame;
}

function mended(frame: Uint8Array): Uint8Array {
  if (frame.length < 34 || frame[12] !== 8 || frame[13] !== 0) return frame;
  const words = (start: number, end: number, sum = 0): number => {
    for (let at = start; at < end; at += 2) sum += (frame[at]! << 8) | (at + 1 < end ? frame[at + 1]! : 0);
    return sum;
  };
  const fold = (sum: number): number => {
    while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
    return sum ^ 0xffff;
  };
  const put = (at: number, value: number): void => {
    if (at + 1 < frame.length) [frame[at], frame[at + 1]] = [value >> 8, value & 255];
  };
  const header = (frame[14]! & 15) * 4;
  const start = 14 + header;
  const end = Math.min(14 + ((frame[16]! << 8) | frame[17]!), frame.length);
  if (header < 20 || start + 8 > end) return frame;
  put(24, 0);
  put(24, fold(words(14, start)));
  const protocol = frame[23]!;
  const place = protocol === 6 ? 16 : protocol === 17 ? 6 : protocol === 1 ? 2 : -1;
  if (place < 0 || start + place + 2 > end) return frame;
  put(start + place, 0);
  const pseudo = protocol === 1 ? 0 : words(26, 34) + protocol + end - start;
  put(start + place, fold(words(start, end, pseudo)));
  return frame;
}

test(`${FRAMES} mutated frames leave the stack as it should be`, { timeout: 3_600_000 }, () => {
  const random = seededRandom(SEED);
  const network = new ModelNetwork({ seed: SEED });
  const listener = network.b.listenTcp(80, 8);
  network.b.openUdp(7);
  let client = network.a.connectTcp({ address: network.b.address, port: 80 });
  network.run(() => listener.acceptable > 0);
  let server = listener.accept()!;
  let frames = templates(client, server.info());
  // What b answers goes nowhere: a would end the connection.
  network.wire.onSend = () => true;
  for (let count = 0; count < FRAMES; count++) {
    const frame = mutate(frames[Math.floor(random() * frames.length)]!, random);
    try {
      network.b.ethernet.input(frame, 0, frame.length);
    } catch (error) {
      throw new Error(`seed ${SEED}, frame ${count}: ${Buffer.from(frame).toString("hex")}`, {
        cause: error,
      });
    }
    if (count % 64 !== 0) continue;
    network.clock.advance(random() * 50);
    network.b.poll();
    for (let taken = listener.accept(); taken !== null; taken = listener.accept()) taken.abort();
    if (server.state === "ESTABLISHED") continue;
    network.wire.onSend = null;
    client.abort();
    server.abort();
    client = network.a.connectTcp({ address: network.b.address, port: 80 });
    network.run(() => {
      const next = listener.accept();
      if (next?.remote.port === client.local.port) server = next;
      else next?.abort();
      return server.remote.port === client.local.port && server.state === "ESTABLISHED";
    }, 200_000);
    network.wire.onSend = () => true;
    frames = templates(client, server.info());
  }
  expect(network.b.tcp.table.size).toBeLessThan(600);
  expect(network.b.arp.neighbours.size).toBeLessThanOrEqual(256);
  expect(network.b.ipv4.reassembly.size).toBeLessThanOrEqual(16);
  expect(network.b.timers.size).toBeLessThan(2000);
  network.wire.onSend = null;
  const after = network.a.connectTcp({ address: network.b.address, port: 80 });
  const worked = network.run(() => {
    let next = listener.accept();
    for (; next !== null && next.remote.port !== after.local.port; next = listener.accept()) next.abort();
    if (next !== null) next.write(Uint8Array.of(1, 2, 3));
    return after.readable === 3;
  }, 600_000);
  expect(worked).toBe(true);
});
