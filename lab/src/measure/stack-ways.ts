// The same datagram on six ways through a stack, each of which turns it away one layer further on than the one before. The wire is one
// inside the process that only carries, so what is timed is the stack's own work: no ring, no kernel, no other core.
import { buildFrame, type FrameSpec } from "../packet/index.js";
import { type FrameLink, PlainWire, STACK_EVENT, Stack, type UdpEndpoint } from "../stack/index.js";
import type { Variant } from "./interleave.js";

/** From the wire to the application and back. */
export const STACK_WAYS = ["link", "ethernet", "ipv4", "udp", "application", "answer"] as const;
export type StackWay = (typeof STACK_WAYS)[number];

/** What each adds to the one before. */
export const WAY_NAMES: Readonly<Record<StackWay, string>> = {
  link: "the wire hands it over",
  ethernet: "Ethernet",
  ipv4: "IPv4 with its checksum",
  udp: "UDP with its checksum",
  application: "port, queue, copy to the application",
  answer: "the answer, and the wire again",
};

/** Why the stack drops it; those that are not here arrive. */
const TURNED_AWAY: Readonly<Partial<Record<StackWay, string>>> = {
  ethernet: "otherMac",
  ipv4: "ipNotForUs",
  udp: "udpChecksum",
};

/** As many as a stack takes in by one `poll`. */
const BURST = 64;
const [ASKING_PORT, ANSWERING_PORT] = [1000, 7];
const QUESTION_BYTES = 64;
const MOST_BYTES = 1472;
/** Milliseconds that one request takes on the clock of `tcpRequests`, which moves by itself. */
const REQUEST_MS = 0.01;

const ignore = (): void => {};

/** Two stacks on one wire. */
class Pair {
  readonly wire: PlainWire = new PlainWire();
  readonly asking: Stack;
  readonly answering: Stack;
  /** What both take for the time, in ms. */
  readonly hands: Float64Array = new Float64Array(1);

  constructor() {
    const clock = { nowMs: () => this.hands[0]! };
    this.asking = new Stack({ link: this.wire.a, clock, address: "10.0.0.1", seed: 1 });
    this.answering = new Stack({ link: this.wire.b, clock, address: "10.0.0.2", seed: 2 });
  }

  settle(): void {
    while (this.asking.poll() + this.answering.poll() > 0);
  }
}

/** Reads what waits at a port, and gives it back where it `answers`. */
function serve(port: UdpEndpoint, into: Uint8Array, answers: boolean): void {
  const from = { address: 0, port: 0 };
  port.onEvents = () => {
    for (let got = port.receiveInto(into, from); got >= 0; got = port.receiveInto(into, from))
      if (answers) port.send(from, into, 0, got);
  };
}

/** The datagram, spoiled where its way wants it so. */
function frameFor(way: StackWay, { asking, answering }: Pair, payloadBytes: number): Uint8Array {
  const [source, destination] = [
    asking.link.mac,
    way === "ethernet" ? "02:00:00:00:00:99" : answering.link.mac,
  ];
  const udp = { sourcePort: ASKING_PORT, destinationPort: ANSWERING_PORT };
  const spec: FrameSpec = {
    ethernet: { source, destination },
    ipv4: { source: "10.0.0.1", destination: way === "ipv4" ? "10.0.0.9" : "10.0.0.2" },
    udp: way === "udp" ? { ...udp, checksum: 1 } : udp,
    payload: new Uint8Array(payloadBytes).fill(7),
  };
  return buildFrame(spec);
}

/** Writes a frame into every place of the wire: from then on it is only handed over again. */
function fill(from: FrameLink, to: FrameLink, frame: Uint8Array): void {
  for (let at = from.reserve(frame.length); at >= 0; at = from.reserve(frame.length)) {
    from.bytes.set(frame, at);
    from.submit(at, frame.length);
  }
  while (to.poll(ignore, BURST) > 0);
}

function timed(name: string, operations: number, work: () => void): Variant {
  return {
    name,
    operations,
    batch(iterations) {
      const start = performance.now();
      for (let i = 0; i < iterations; i++) work();
      return Math.max(1, (performance.now() - start) * 1e6);
    },
  };
}

/** A way, and the question whether every packet went it. */
export interface OpenWay {
  readonly variant: Variant;
  /** @throws Error where packets fell elsewhere: then the differences would be of something else */
  check(): void;
}

/** Sends bursts of a datagram along a way. @param payloadBytes 2 to 1472 */
export function openWay(way: StackWay, payloadBytes: number): OpenWay {
  const pair = new Pair();
  const { wire, asking, answering } = pair;
  serve(answering.openUdp(ANSWERING_PORT), answering.allocate(MOST_BYTES), way === "answer");
  const to = { address: answering.address, port: ANSWERING_PORT };
  asking.openUdp(ASKING_PORT).send(to, new Uint8Array(payloadBytes)); // they learn each other's hardware address
  pair.settle();
  const frame = frameFor(way, pair, payloadBytes);
  fill(wire.a, wire.b, frame);
  const handlesIt = way !== "link";
  let sent = 0;
  const work = (): void => {
    for (let i = 0; i < BURST; i++) wire.a.submit(wire.a.reserve(frame.length), frame.length);
    sent += BURST;
    if (handlesIt) answering.poll();
    else wire.b.poll(ignore, BURST);
    wire.a.poll(ignore, BURST);
  };
  return {
    variant: timed(`${payloadBytes} B: ${WAY_NAMES[way]}`, BURST, work),
    check() {
      const fell = Object.entries(answering.counters.drops).filter(([, count]) => count > 0);
      const reason = TURNED_AWAY[way];
      const expected = reason === undefined ? [] : [[reason, sent]];
      if (JSON.stringify(fell) !== JSON.stringify(expected))
        throw new Error(
          `Cannot tell the layers apart: of ${sent} packets (${WAY_NAMES[way]}) fell ${JSON.stringify(fell)}, not ${JSON.stringify(expected)} -> report it`,
        );
    },
  };
}

/** Questions of 64 bytes over one open TCP connection, and their answers: both ends' work. */
export function tcpRequests(): Variant {
  const pair = new Pair();
  const { asking, answering, hands } = pair;
  const listener = answering.listenTcp(ANSWERING_PORT, 1);
  const client = asking.connectTcp({ address: answering.address, port: ANSWERING_PORT });
  pair.settle();
  const server = listener.accept()!;
  const [question, into] = [asking.allocate(QUESTION_BYTES), answering.allocate(QUESTION_BYTES)];
  server.onEvents = (events) => {
    if ((events & STACK_EVENT.readable) !== 0) server.write(into, 0, server.read(into));
  };
  return timed("TCP: a question and its answer, both ends", 1, () => {
    client.write(question);
    pair.settle();
    if (client.read(question) !== QUESTION_BYTES)
      throw new Error("Cannot time a request: its answer has not come -> report it");
    hands[0] = hands[0]! + REQUEST_MS;
  });
}
