// Below TCP: fragments, neighbours, ICMP, UDP.
import fc from "fast-check";
import { buildFrame, TCP_FLAG } from "ringside/packet";
import { ModelNetwork, REASSEMBLY_LIMIT } from "ringside/stack";
import { describe, expect, test } from "vitest";

const ethernet = { source: "02:72:73:00:00:01", destination: "02:72:73:00:00:02" };
const addresses = { source: "10.0.0.1", destination: "10.0.0.2" };

/** Cuts a UDP datagram into fragments of so many bytes each, a multiple of 8. */
function fragments(payload: Uint8Array, pieceBytes: number, identification: number): Uint8Array[] {
  const udp = { sourcePort: 4000, destinationPort: 7 };
  const whole = buildFrame({ ethernet, ipv4: addresses, udp, payload }).subarray(34);
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < whole.length; at += pieceBytes) {
    const more = at + pieceBytes < whole.length;
    const ipv4 = { ...addresses, protocol: 17, identification, flags: more ? 1 : 0, fragmentOffset: at / 8 };
    pieces.push(buildFrame({ ethernet, ipv4, payload: whole.slice(at, at + pieceBytes) }));
  }
  return pieces;
}

function receive(network: ModelNetwork, frames: readonly Uint8Array[]): void {
  for (const frame of frames) network.b.ethernet.input(frame, 0, frame.length);
}

describe("fragments", () => {
  test("become the datagram again in whatever order they come, twice or not", () => {
    const order = fc.array(fc.nat(), { minLength: 200, maxLength: 200 });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20_000 }),
        fc.integer({ min: 1, max: 180 }),
        order,
        (length, words, keys) => {
          const network = new ModelNetwork({ seed: 1 });
          const port = network.b.openUdp(7);
          const payload = Uint8Array.from({ length }, (_, i) => i * 7);
          const pieceBytes = Math.max(words * 8, Math.ceil(length / 190 / 8) * 8);
          const pieces = fragments(payload, pieceBytes, 9);
          const shuffled = pieces
            .map((piece, i) => [keys[i % 200]!, piece] as const)
            .sort((a, b) => a[0] - b[0]);
          const twice = shuffled
            .slice(0, -1)
            .flatMap(([key, piece]) => (key % 3 === 0 ? [piece, piece] : [piece]));
          receive(network, [...twice, shuffled.at(-1)![1]]);
          expect(Buffer.compare(port.receive()!.bytes, payload)).toBe(0);
          expect(network.b.ipv4.reassembly.size).toBe(0);
        },
      ),
      { numRuns: 60 },
    );
  });

  test("that overlap cost the whole datagram", () => {
    const network = new ModelNetwork({ seed: 1 });
    const port = network.b.openUdp(7);
    const [first, second] = fragments(new Uint8Array(60), 40, 1);
    const ipv4 = { ...addresses, protocol: 17, identification: 1, flags: 1, fragmentOffset: 2 };
    const overlap = buildFrame({ ethernet, ipv4, payload: new Uint8Array(40) });
    receive(network, [first!, overlap, second!]);
    expect([port.readable, network.b.counters.drops.fragmentOverlap]).toEqual([0, 1]);
  });

  test("that never end are bounded in number and in time, and the sender of a first piece hears of it", () => {
    const network = new ModelNetwork({ seed: 1 });
    let hasMet = false;
    network.a.onEchoReply = () => {
      hasMet = true;
    };
    network.a.ping(network.b.address, 1, 1, new Uint8Array(0));
    network.run(() => hasMet, 100);
    for (let id = 0; id < 100; id++) receive(network, fragments(new Uint8Array(60), 40, id).slice(0, 1));
    expect(network.b.ipv4.reassembly.size).toBe(REASSEMBLY_LIMIT);
    expect(network.b.counters.drops.fragmentLimit).toBe(100 - REASSEMBLY_LIMIT);
    const types: number[] = [];
    network.wire.onSend = (frame) => {
      if (frame[13] === 0) types.push(frame[34]!); // not the ARP question for a neighbour that is a minute old
      return true;
    };
    network.clock.advance(60_001);
    network.b.poll();
    expect(network.b.ipv4.reassembly.size).toBe(0);
    expect(types).toEqual(new Array(REASSEMBLY_LIMIT).fill(11));
  });
});

describe("neighbours", () => {
  test("are asked once a second, three times, and packets for them wait meanwhile", () => {
    const network = new ModelNetwork({ seed: 1 });
    const port = network.a.openUdp(0);
    let questions = 0;
    network.wire.onSend = () => {
      questions++;
      return true;
    };
    for (let i = 0; i < 10; i++) port.send({ address: network.b.address, port: 7 }, Uint8Array.of(i));
    network.run(() => false, 10_000);
    expect(questions).toBe(3);
    expect(network.a.counters.drops.noNeighbour).toBe(10);
  });

  test("that nobody asked for are not remembered", () => {
    const network = new ModelNetwork({ seed: 1 });
    for (let host = 3; host < 250; host++) {
      const sender = { senderMac: ethernet.source, senderIp: `10.0.0.${host}` };
      const arp = { operation: 2, ...sender, targetMac: ethernet.destination, targetIp: "10.0.0.2" };
      receive(network, [buildFrame({ ethernet, arp })]);
    }
    expect(network.b.arp.neighbours.size).toBe(0);
  });

  test("that ask, however many, take no place of one that we speak with, and nobody is called unreachable", () => {
    const network = new ModelNetwork({ seed: 1 });
    const port = network.b.openUdp(0);
    const to = { address: network.a.address, port: 7 };
    network.a.openUdp(7);
    port.send(to, Uint8Array.of(1));
    network.run(() => false, 10);
    for (let host = 0; host < 1000; host++) {
      const sender = { senderMac: ethernet.source, senderIp: `10.0.${4 + (host >> 8)}.${host & 255}` };
      const arp = { operation: 1, ...sender, targetMac: ethernet.destination, targetIp: "10.0.0.2" };
      receive(network, [buildFrame({ ethernet, arp })]);
      if (host % 100 === 0) port.send(to, Uint8Array.of(2));
    }
    const { neighbours } = network.b.arp;
    expect(neighbours.size).toBe(256);
    expect(neighbours.list().some(({ address }) => address === network.a.address >>> 0)).toBe(true);
    expect(network.b.counters.drops.noNeighbour).toBe(0);
  });

  test("are asked again after a minute of use", () => {
    const network = new ModelNetwork({ seed: 1 });
    const to = network.b.openUdp(7);
    const port = network.a.openUdp(0);
    let questions = 0;
    network.wire.onSend = (frame, from) => {
      if (from === "a" && frame[13] === 6) questions++;
      return undefined;
    };
    for (let second = 0; second < 130; second++) {
      port.send({ address: network.b.address, port: 7 }, Uint8Array.of(second));
      network.run(() => false, 10);
      network.clock.advance(1000);
    }
    expect(questions).toBe(3);
    expect(to.readable).toBe(130);
  });
});

describe("ICMP and UDP", () => {
  test("a ping comes back byte for byte", () => {
    const network = new ModelNetwork({ seed: 1 });
    const payload = Uint8Array.from({ length: 1001 }, (_, i) => i);
    let heard: Uint8Array | null = null;
    network.a.onEchoReply = ({ bytes, sequence }) => {
      expect(sequence).toBe(3);
      heard = bytes;
    };
    network.a.ping(network.b.address, 1, 3, payload);
    network.run(() => heard !== null);
    expect(heard).toEqual(payload);
  });

  test("what comes to all hosts and names one is met with silence, by ICMP and by TCP", () => {
    const network = new ModelNetwork({ seed: 1 });
    let answers = 0;
    network.wire.onSend = () => {
      answers++;
      return true;
    };
    const toAll = { ...ethernet, destination: "ff:ff:ff:ff:ff:ff" };
    receive(network, [
      buildFrame({
        ethernet: toAll,
        ipv4: addresses,
        udp: { sourcePort: 9, destinationPort: 9 },
        payload: new Uint8Array(8),
      }),
      buildFrame({
        ethernet: toAll,
        ipv4: addresses,
        tcp: { sourcePort: 9, destinationPort: 9, flags: TCP_FLAG.syn },
      }),
    ]);
    network.run(() => false, 100);
    expect(answers).toBe(0);
    expect(network.b.counters.drops.ipNotForUs).toBe(2);
  });

  test("a closed port tells a connected sender, and at most a burst of errors leaves", () => {
    const network = new ModelNetwork({ seed: 1 });
    const port = network.a.openUdp(0);
    port.connect({ address: network.b.address, port: 9 });
    for (let i = 0; i < 200; i++) {
      port.send({ address: network.b.address, port: 9 }, Uint8Array.of(1));
      network.run(() => network.wire.nextMs() === Infinity, 0.2);
    }
    expect([port.takeFailure(), port.takeFailure()]).toEqual(["ECONNREFUSED", null]);
    expect(network.b.counters.framesOut).toBeLessThan(70);
  });

  test("a queue that nobody reads is bounded, and what it drops is counted", () => {
    const network = new ModelNetwork({ seed: 1 });
    const to = network.b.openUdp(7);
    const udp = { sourcePort: 4000, destinationPort: 7 };
    const frame = buildFrame({ ethernet, ipv4: addresses, udp, payload: new Uint8Array(1400) });
    receive(network, new Array<Uint8Array>(2000).fill(frame));
    expect(to.readable).toBeLessThan(1000);
    expect(to.readable + network.b.counters.drops.udpQueueFull).toBe(2000);
  });

  test("refuses a datagram that does not fit, and a port that is taken", () => {
    const network = new ModelNetwork({ seed: 1 });
    const port = network.a.openUdp(5000);
    expect(() => network.a.openUdp(5000)).toThrow("EADDRINUSE");
    expect(() => port.send({ address: network.b.address, port: 7 }, new Uint8Array(1473))).toThrow(
      "EMSGSIZE",
    );
  });
});
